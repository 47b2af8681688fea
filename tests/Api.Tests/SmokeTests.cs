using Xunit;

namespace Proofsheet.Api.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Arithmetic_holds() => Assert.Equal(2, 1 + 1);
}
