using FluentAssertions;
using Proofsheet.Api.Storage;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

public sealed class ObjectKeyTests
{
    public static TheoryData<string> Refused =>
    [
        "", "one", "/a/b", "a//b", "a/b/", "a/../b", "../a", "a/..", "a/.", "./a", "a/.hidden", "a/b.", "a/b..c", "a\\b/c", "A/b", "a/B", "a/b c", "a/b%2fc",
        "a/b\0", "a/b\n", "a/ä", "a/b:c", "a/~", "a/b@", "c:/x/y", "a/\u2024\u2024/b", "a/" + new string('b', 129), string.Join('/', Enumerable.Repeat("abcdefghi", 52)),
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_name_that_could_walk_or_be_spelled_twice_is_refused(string text)
    {
        ObjectKey.TryParse(text, out _).Should().BeFalse();
        Assert.Throws<ArgumentException>(() => ObjectKey.Parse(text));
    }

    [Fact]
    public void A_segment_cannot_smuggle_a_slash()
    {
        Assert.Throws<ArgumentException>(() => ObjectKey.Of("stu_1", "photos/pho_1"));
        Assert.Throws<ArgumentException>(() => ObjectKey.Of("stu_1", "../stu_2"));
        Assert.Throws<ArgumentException>(() => ObjectKey.Of("stu_1", null!));
        Assert.Throws<ArgumentException>(() => ObjectPrefix.Of("stu_1/photos"));
        Assert.Throws<ArgumentException>(() => ObjectPrefix.Of());
    }

    [Fact]
    public void Ids_and_file_like_names_make_a_key()
    {
        var key = ObjectKey.Of("stu_01jd", "photos", "pho_01je", "web-2048.jpg");

        key.Value.Should().Be("stu_01jd/photos/pho_01je/web-2048.jpg");
        ObjectKey.Parse(key.Value).Should().Be(key);
    }

    [Fact]
    public void An_empty_key_names_nothing() => Assert.Throws<InvalidOperationException>(() => default(ObjectKey).Value);

    [Fact]
    public void A_prefix_covers_whole_segments_only()
    {
        var prefix = ObjectPrefix.Of("stu_1", "photos", "pho_1");

        prefix.Covers(ObjectKey.Parse("stu_1/photos/pho_1/original")).Should().BeTrue();
        prefix.Covers(ObjectKey.Parse("stu_1/photos/pho_10/original")).Should().BeFalse();
        prefix.Covers(ObjectKey.Parse("stu_1/photos/pho_1")).Should().BeFalse();
        ObjectPrefix.All.Covers(ObjectKey.Parse("stu_1/a")).Should().BeTrue();
    }
}
