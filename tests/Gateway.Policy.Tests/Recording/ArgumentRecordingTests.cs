using Gateway.Policy.Conditions;
using Gateway.Policy.Recording;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Recording;

public class ArgumentRecordingTests
{
    [Fact]
    public void Keeps_nothing_where_the_policy_does_not_say_so() => Assert.Null(Bind(Document("")).Recording);

    [Theory]
    [InlineData("true", """{"to":"a","n":1.10,"deep":{"x":[true,null]}}""", """{"to":"a","n":1.10,"deep":{"x":[true,null]}}""")]
    [InlineData("true", """{"to":"a","user":{"Pass-Word":"p","name":"n"}}""", """{"to":"a","user":{"Pass-Word":null,"name":"n"}}""", "/user/Pass-Word")]
    [InlineData("""["args.user","args.user.api_key"]""", """{"to":"a","user":{"api_key":"k","token":"t"}}""", """{"to":null,"user":{"api_key":"k","token":null}}""", "/to", "/user/token")]
    [InlineData("""["args.l[*].id"]""", """{"l":[{"id":1,"x":2},{"id":3}]}""", """{"l":[{"id":1,"x":null},{"id":3}]}""", "/l/0/x")]
    [InlineData("""["args.l[1]"]""", """{"l":[1,2,3]}""", """{"l":[null,2,null]}""", "/l/0", "/l/2")]
    [InlineData("""["args.a.b"]""", """{"a":"text"}""", """{"a":null}""", "/a")]
    [InlineData("true", "", "{}")]
    public void Keeps_what_the_policy_names_and_no_secret_that_it_does_not(
        string written, string arguments, string kept, params string[] left)
    {
        using var read = JsonDocument.Parse(Keep(written, arguments)!);
        Assert.Equal(kept, read.RootElement.GetProperty("arguments").GetRawText());
        Assert.Equal(left, read.RootElement.GetProperty("left").EnumerateArray().Select(static one => one.GetString()));
    }

    [Theory]
    [InlineData("""{"a":1""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("\ufeff{}")]
    public void Keeps_nothing_of_arguments_that_cannot_be_read(string arguments) =>
        Assert.Null(Keep("true", arguments));

    [Fact]
    public void Keeps_4_KiB_of_a_call_and_nothing_of_a_longer_one()
    {
        var fits = PolicyBounds.RecordedBytesMax - """{"arguments":{"a":""},"left":[]}""".Length;
        Assert.Equal(PolicyBounds.RecordedBytesMax, Keep("true", $$"""{"a":"{{new string('x', fits)}}"}""")!.Length);
        Assert.Null(Keep("true", $$"""{"a":"{{new string('x', fits + 1)}}"}"""));
        Assert.Null(Keep("""["args.b"]""", $$"""{"a":"{{new string('x', PolicyBounds.RecordedReadMax)}}","b":1}"""));
    }

    [Theory]
    [InlineData("args.to", true)]
    [InlineData("args.missing.deep", true)]
    [InlineData("args.user", false)]
    [InlineData("args.user.token", false)]
    [InlineData("args.user.token.part", false)]
    [InlineData("args.user.name", true)]
    [InlineData("args.list[0].pin", false)]
    [InlineData("args.list[*].pin", false)]
    [InlineData("args.list[1].pin", true)]
    [InlineData("args", false)]
    public void Knows_which_paths_it_can_answer_for(string path, bool isKnown)
    {
        var kept = Keep("true",
            """{"to":"a","user":{"token":"t","name":"n"},"list":[{"pin":1},{"a":2}]}""");
        Assert.True(ArgumentPath.TryParse(path, out var parsed, out _));
        Assert.Equal(isKnown, RecordedArguments.Read(kept)!.Covers(parsed));
    }

    [Fact]
    public void Names_alone_answer_for_what_is_not_there()
    {
        Assert.True(ArgumentPath.TryParse("args.amount", out var amount, out _));
        Assert.True(RecordedArguments.OfNames(["to"], hasMore: false).Covers(amount));
        Assert.False(RecordedArguments.OfNames(["to"], hasMore: true).Covers(amount));
        Assert.False(RecordedArguments.OfNames(["amount"], hasMore: false).Covers(amount));
        Assert.True(RecordedArguments.OfNames([], hasMore: false).IsComplete);
        Assert.False(RecordedArguments.Unknown.Covers(amount));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"arguments":[],"left":[]}""")]
    [InlineData("""{"arguments":{},"left":[1]}""")]
    [InlineData("""{"arguments":{},"left":{}}""")]
    public void Reads_nothing_that_was_not_written_so(string kept) =>
        Assert.Null(RecordedArguments.Read(Encoding.UTF8.GetBytes(kept)));

    private static byte[]? Keep(string written, string arguments) =>
        Bind(Document($"\"record_arguments\":{written}")).Recording!.Keep(Encoding.UTF8.GetBytes(arguments));
}
