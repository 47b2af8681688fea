using System.Text;
using System.Text.Json;
using FluentAssertions;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Identity.Tests.Jose;

public sealed class StrictTextTests
{
    [Fact]
    public void Every_text_that_decodes_is_what_its_bytes_encode_to()
    {
        // All texts of up to three characters over an alphabet with every trap: what decodes must encode to the same text.
        var alphabet = "AQgwxyz019_-+/= \r\n\t.\0é".ToCharArray();
        var texts = alphabet.SelectMany(a => alphabet.SelectMany(b => alphabet.SelectMany(c => new[] { $"{a}{b}{c}", $"{a}{b}", $"{a}", $"AAAA{a}{b}{c}" })));
        foreach (var text in texts.Distinct())
        {
            if (StrictBase64Url.TryDecode(text, out var bytes))
            {
                StrictBase64Url.Encode(bytes).Should().Be(text);
            }
        }
    }

    [Fact]
    public void All_bytes_survive_the_way_there_and_back()
    {
        for (var length = 0; length < 300; length++)
        {
            byte[] bytes = [.. Enumerable.Range(length, length).Select(i => (byte)(i * 7))];
            StrictBase64Url.TryDecode(StrictBase64Url.Encode(bytes), out var back).Should().BeTrue();
            back.Should().Equal(bytes);
        }
    }

    [Theory]
    [InlineData("Zg==")]
    [InlineData("Zh")]
    [InlineData("Zm9")]
    [InlineData("Zm 9v")]
    [InlineData("Zm9v\n")]
    [InlineData("Zm+v")]
    [InlineData("Zm/v")]
    [InlineData("Z")]
    [InlineData("Zm9vZ")]
    [InlineData("Ｚm9v")]
    public void Other_spellings_are_refused(string text) => StrictBase64Url.TryDecode(text, out _).Should().BeFalse();

    [Theory]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("{\"a\":[{\"b\":1,\"b\":2}]}")]
    [InlineData("{\"a\":{\"b\":{\"c\":1,\"c\":2}}}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("{\"a\":\"\\ud800\\u0041\"}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("// x\n{}")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("{")]
    [InlineData("{\"a\":\"\t\"}")]
    public void Json_that_readers_may_understand_differently_is_refused(string json) =>
        StrictJson.TryParseObject(Encoding.UTF8.GetBytes(json), out _).Should().BeFalse();

    [Fact]
    public void Ordinary_json_is_read_and_may_be_kept()
    {
        var bytes = Encoding.UTF8.GetBytes(" {\"a\":{\"b\":[1,2.5e3,null,true]},\"é\\ud83d\\ude00\":\"\\u00e9\"} \n");
        StrictJson.TryParseObject(bytes, out var element).Should().BeTrue();
        Array.Clear(bytes);

        element.GetProperty("a").GetProperty("b").GetArrayLength().Should().Be(4);
        element.GetProperty("é😀").GetString().Should().Be("é");
    }

    [Fact]
    public void Depth_is_bounded()
    {
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);

        StrictJson.TryParseObject(Encoding.UTF8.GetBytes(Nested(StrictJson.MaxDepth)), out _).Should().BeTrue();
        StrictJson.TryParseObject(Encoding.UTF8.GetBytes(Nested(StrictJson.MaxDepth + 1)), out _).Should().BeFalse();
        StrictJson.TryParseObject(Encoding.UTF8.GetBytes(Nested(100_000)), out _).Should().BeFalse();
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused_wherever_they_stand()
    {
        foreach (var bad in new byte[][] { [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF] })
        {
            StrictJson.TryParseObject([.. "{\"a\":\""u8, .. bad, .. "\"}"u8], out _).Should().BeFalse();
            StrictJson.TryParseObject([.. "{\""u8, .. bad, .. "\":1}"u8], out _).Should().BeFalse();
        }
    }

    [Fact]
    public void No_string_in_accepted_json_can_throw_later()
    {
        foreach (var json in new[] { "{\"a\":\"\\ud83d\\ude00\"}", "{\"a\":\"\\u0000\"}", "{\"\\u0000\":\"\\uffff\"}" })
        {
            StrictJson.TryParseObject(Encoding.UTF8.GetBytes(json), out var element).Should().BeTrue();
            foreach (var member in element.EnumerateObject())
            {
                member.Value.ValueKind.Should().Be(JsonValueKind.String);
                member.Value.GetString().Should().NotBeNull();
            }
        }
    }
}
