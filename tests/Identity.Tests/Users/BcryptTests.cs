using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using Proofsheet.Identity.Users.Passwords;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

public sealed class BcryptTests
{
    // From jBCrypt's published tests (Damien Miller), which use $2a$: for these passwords the two are the same.
    [Theory]
    [InlineData("a", "$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("abc", "$2b$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i")]
    [InlineData("abcdefghijklmnopqrstuvwxyz", "$2b$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC")]
    [InlineData("~!@#$%^&*()      ~!@#$%^&*()PNBFRD", "$2b$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO")]
    public void Published_hashes_verify(string password, string hash)
    {
        Bcrypt.Verify(password, hash).Should().BeTrue();
        Bcrypt.Verify(password + "x", hash).Should().BeFalse();
    }

    [Fact]
    public void The_system_agrees_on_four_hundred_random_passwords()
    {
        Assert.SkipUnless(LibCrypt.IsThere, "libcrypt with bcrypt is not installed here.");
        for (var i = 0; i < 400; i++)
        {
            // All lengths up to bcrypt's 72 bytes, of characters with one to four bytes in UTF-8.
            var password = OfBytes(i % (Bcrypt.MaxBytes + 1));
            var ours = Bcrypt.Hash(password, 4);

            LibCrypt.Hash(Encoding.UTF8.GetBytes(password), ours).Should().Be(ours);
            Bcrypt.Verify(password, ours).Should().BeTrue();
        }
    }

    [Fact]
    public void The_cost_that_is_served_with_agrees_too()
    {
        Assert.SkipUnless(LibCrypt.IsThere, "libcrypt with bcrypt is not installed here.");
        var ours = Bcrypt.Hash("correct horse", 12);

        LibCrypt.Hash("correct horse"u8.ToArray(), ours).Should().Be(ours);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$2b$06$")]
    [InlineData("$2$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2x$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2y$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2B$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfx")]
    [InlineData("$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe.")]
    [InlineData("$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfx\u00e9")]
    [InlineData("$2b$\u0660\u0666$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2b$03$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2b$32$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2b$+6$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2b$06$m0CrhHm10qJ3lXRY!5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe")]
    [InlineData("$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe\n")]
    public void What_is_no_hash_verifies_nothing(string hash) => Bcrypt.Verify("a", hash).Should().BeFalse();

    [Fact]
    public void What_bcrypt_would_read_only_in_part_is_refused()
    {
        const string Hash = "$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe";
        foreach (var password in new[] { new string('a', 73), new string('a', 71) + "é", "a\0b", "a\0", "a\ud800" })
        {
            var hash = () => Bcrypt.Hash(password, 4);
            var verify = () => Bcrypt.Verify(password, Hash);

            hash.Should().Throw<ArgumentException>();
            verify.Should().Throw<ArgumentException>();
        }

        Bcrypt.Verify(new string('a', 72), Bcrypt.Hash(new string('a', 72), 4)).Should().BeTrue();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(32)]
    public void A_cost_outside_of_bcrypts_is_refused(int cost)
    {
        var hash = () => Bcrypt.Hash("a", cost);

        hash.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Each_hash_has_a_salt_of_its_own() =>
        Enumerable.Range(0, 100).Select(_ => Bcrypt.Hash("a", 4)[..29]).Should().OnlyHaveUniqueItems().And.OnlyContain(h => h.StartsWith("$2b$04$"));

    private static string OfBytes(int length)
    {
        string[] letters = ["a", "~", "é", "ß", "漢", "€", "📷"];
        var text = new StringBuilder();
        while (length > 0)
        {
            var letter = letters[RandomNumberGenerator.GetInt32(letters.Length)];
            if (Encoding.UTF8.GetByteCount(letter) <= length)
            {
                text.Append(letter);
                length -= Encoding.UTF8.GetByteCount(letter);
            }
        }

        return text.ToString();
    }

    private static partial class LibCrypt
    {
        public static bool IsThere { get; } = NativeLibrary.TryLoad("libcrypt.so.1", out var library) && Hash("a"u8.ToArray(), "$2b$04$abcdefghijklmnopqrstuu")?.Length == 60 && library != 0;

        public static string? Hash(byte[] password, string setting) =>
            Marshal.PtrToStringAnsi(Crypt([.. password, 0], Encoding.ASCII.GetBytes(setting + "\0")));

        // crypt(3) has one static buffer: only the tests of this one class, which run sequentially, call it.
        [DllImport("libcrypt.so.1", EntryPoint = "crypt")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern nint Crypt(byte[] password, byte[] setting);
    }
}
