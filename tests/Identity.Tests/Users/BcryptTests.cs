using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using Proofsheet.Identity.Users.Passwords;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

public sealed class BcryptTests
{
    // Of jBCrypt's published tests (Damien Miller), which wrote $2a$: for these passwords the two are the same.
    [Theory]
    [InlineData("a", "$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("abc", "$2b$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "$2b$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC")]
    [InlineData("~!@#$%^&*()      ~!@#$%^&*()PNBFRD", "$2b$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO")]
    public void Published_hashes_verify(string password, string hash)
    {
        Bcrypt.Verify(Encoding.UTF8.GetBytes(password), hash).Should().BeTrue();
        Bcrypt.Verify(Encoding.UTF8.GetBytes(password + "x"), hash).Should().BeFalse();
    }

    [Fact]
    public void The_system_agrees_on_four_hundred_random_passwords()
    {
        Assert.SkipUnless(LibCrypt.IsThere, "libcrypt with bcrypt is not installed here.");
        for (var i = 0; i < 400; i++)
        {
            // No NUL, which ends a C string; all lengths to bcrypt's 72 bytes.
            var password = RandomNumberGenerator.GetBytes(i % (Bcrypt.MaxBytes + 1)).Select(b => b == 0 ? (byte)1 : b).ToArray();
            var ours = Bcrypt.Hash(password, 4);

            LibCrypt.Hash(password, ours).Should().Be(ours);
        }
    }

    [Fact]
    public void The_cost_that_is_served_with_agrees_too()
    {
        Assert.SkipUnless(LibCrypt.IsThere, "libcrypt with bcrypt is not installed here.");
        var ours = Bcrypt.Hash("correct horse"u8, 12);

        LibCrypt.Hash("correct horse"u8.ToArray(), ours).Should().Be(ours);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$2b$06$")]
    [InlineData("$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2b$03$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2b$32$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2b$+6$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2b$06$m0CrhHm10qJ3lXRY!5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe\n")]
    public void What_is_no_hash_verifies_nothing(string hash) => Bcrypt.Verify("a"u8, hash).Should().BeFalse();

    [Fact]
    public void What_bcrypt_would_read_only_in_part_is_refused()
    {
        var long_ = () => Bcrypt.Hash(new byte[73].Select(_ => (byte)'a').ToArray(), 4);
        var nul = () => Bcrypt.Hash("a\0b"u8, 4);

        long_.Should().Throw<ArgumentException>();
        nul.Should().Throw<ArgumentException>();
    }

    private static partial class LibCrypt
    {
        public static bool IsThere { get; } = NativeLibrary.TryLoad("libcrypt.so.1", out var library) && Hash("a"u8.ToArray(), "$2b$04$abcdefghijklmnopqrstuu")?.Length == 60 && library != 0;

        public static string? Hash(byte[] password, string setting) =>
            Marshal.PtrToStringAnsi(Crypt([.. password, 0], Encoding.ASCII.GetBytes(setting + "\0")));

        // crypt(3) keeps one static buffer: only these tests of one class, which run one after the other, call it.
        [DllImport("libcrypt.so.1", EntryPoint = "crypt")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern nint Crypt(byte[] password, byte[] setting);
    }
}
