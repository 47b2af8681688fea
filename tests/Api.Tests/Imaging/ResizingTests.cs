using Proofsheet.Api.Imaging.Steps;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

public sealed class ResizingTests
{
    [Theory]
    [InlineData(30000, 20000, 2048, 8)]
    [InlineData(6000, 4000, 2048, 2)]
    [InlineData(4000, 6000, 2048, 2)]
    [InlineData(5734, 3823, 2048, 1)]
    [InlineData(2048, 1365, 1200, 1)]
    [InlineData(2048, 1365, 300, 4)]
    [InlineData(1365, 2048, 300, 4)]
    [InlineData(1681, 1351, 300, 4)]
    [InlineData(1351, 1681, 300, 4)]
    [InlineData(1679, 1351, 300, 2)]
    [InlineData(2, 2048, 300, 4)]
    [InlineData(300, 200, 300, 1)]
    [InlineData(100, 50, 300, 1)]
    public void The_decoder_shrinks_as_far_as_the_filter_has_something_left_to_do(int width, int height, int longest, int shrink)
    {
        Assert.Equal(shrink, Resizing.ShrinkOnLoad(width, height, longest));

        var left = Math.Max(width, height) / (double)shrink / longest;
        Assert.True(shrink == 1 || left >= 1.4, $"{left} is left");
    }
}
