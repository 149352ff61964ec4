using Gateway.Policy.Tests.Documents;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Conditions;

public class ConditionTests
{
    [Theory]
    [InlineData("1", 58, "", "a condition must be an object, not the number 1")]
    [InlineData("{}", 58, "", "\"path\" is missing in a condition")]
    [InlineData("{}", 58, "", "\"op\" is missing in a condition")]
    [InlineData("{\"path\":\"args.a\",\"op\":\"eq\"}", 58, "", "\"value\" is missing")]
    [InlineData("{\"path\":\"a\"}", 66, "/path", "a path begins with \"args\": \"args.a\"")]
    [InlineData("{\"path\":\"arg.x\"}", 66, "/path", "a path begins with \"args\": \"args.x\"")]
    [InlineData("{\"path\":\"tags.x\"}", 66, "/path", "a path begins with \"args\": \"args.tags.x\"")]
    [InlineData("{\"path\":\"argsx\"}", 66, "/path", "a path begins with \"args\"")]
    [InlineData("{\"path\":\"args.\"}", 66, "/path", "a key is missing after '.'")]
    [InlineData("{\"path\":\"args..a\"}", 66, "/path", "a key is missing after '.'")]
    [InlineData("{\"path\":\"args[-1]\"}", 66, "/path", "brackets contain an index")]
    [InlineData("{\"path\":\"args[a]\"}", 66, "/path", "brackets contain an index")]
    [InlineData("{\"path\":\"args[0\"}", 66, "/path", "brackets contain an index")]
    [InlineData("{\"path\":\"args[0]a\"}", 66, "/path", "after ']' must come '.', '[' or the end")]
    [InlineData("{\"path\":\"args[\\\"a\"}", 66, "/path", "the text ends inside a string")]
    [InlineData("{\"path\":\"args[\\\"a\\\"\"}", 66, "/path", "']' is missing")]
    [InlineData("{\"path\":1}", 66, "/path", "must be a string")]
    [InlineData("{\"op\":\"equals\"}", 64, "/op", "\"op\" must be one of \"exists\", \"eq\"")]
    [InlineData("{\"op\":\"greater\"}", 64, "/op", "must be one of")]
    [InlineData("{\"op\":\"EQ\"}", 64, "/op", "did you mean \"eq\"?")]
    [InlineData("{\"op\":\"exists\",\"value\":1}", 81, "/value", "must be true or false")]
    [InlineData("{\"op\":\"gt\",\"value\":\"1\"}", 77, "/value", "a number (\"gt\" compares numbers)")]
    [InlineData("{\"op\":\"gt\",\"value\":1e999999999999999999999}", 77, "/value", "at most 17 digits")]
    [InlineData("{\"op\":\"in\",\"value\":\"a\"}", 77, "/value", "an array of at least one value")]
    [InlineData("{\"op\":\"in\",\"value\":[]}", 77, "/value", "an array of at least one value")]
    [InlineData("{\"op\":\"contains\",\"value\":\"\"}", 83, "/value", "every string contains \"\"")]
    [InlineData("{\"op\":\"ends_with\",\"value\":\"\"}", 84, "/value", "a string of at least one character")]
    [InlineData("{\"op\":\"length_gt\",\"value\":-1}", 84, "/value", "a whole number of 0 or more")]
    [InlineData("{\"op\":\"length_gt\",\"value\":1.5}", 84, "/value", "a whole number of 0 or more")]
    [InlineData("{\"op\":\"matches\",\"value\":\"(\"}", 82, "/value", "this is not a regular expression")]
    [InlineData("{\"op\":\"matches\",\"value\":\"(?=a)\"}", 82, "/value", "cannot be run without backtracking")]
    [InlineData("{\"op\":\"matches\",\"value\":\"(a)\\\\1\"}", 82, "/value", "cannot be run without backtracking")]
    [InlineData("{\"op\":\"matches\",\"value\":\"a{9}{9}{9}{9}{9}\"}", 82, "/value", "not a regular expression")]
    [InlineData("{\"op\":\"matches\",\"value\":\"(a{999}){999}\"}", 82, "/value", "cannot be run without backtracking")]
    [InlineData("{\"op\":\"matches_any\",\"value\":\"a\"}", 86, "/value", "at least one regular expression")]
    [InlineData("{\"op\":\"matches_any\",\"value\":[]}", 86, "/value", "an array of at least one regular expression")]
    [InlineData("{\"op\":\"matches_any\",\"value\":[\"a\",1]}", 91, "/value/1", "as a string")]
    [InlineData("{\"op\":\"matches_any\",\"value\":[\"a)\",\"(b\"]}", 87, "/value/0", "not a regular expression")]
    [InlineData("{\"op\":\"matches_any\",\"value\":[\"a)\",\"(b\"]}", 92, "/value/1", "not a regular expression")]
    [InlineData("{\"op\":\"between\",\"value\":1}", 82, "/value", "an array of two numbers or two RFC 3339 date-times")]
    [InlineData("{\"op\":\"between\",\"value\":[1]}", 82, "/value", "an array of two numbers")]
    [InlineData("{\"op\":\"between\",\"value\":[1,2,3]}", 82, "/value", "an array of two numbers")]
    [InlineData("{\"op\":\"between\",\"value\":[2,1]}", 82, "/value", "the smaller one first")]
    [InlineData("{\"op\":\"between\",\"value\":[\"1\",\"2\"]}", 82, "/value", "an array of two numbers")]
    [InlineData("{\"op\":\"between\",\"value\":[1,\"2026-01-31T00:00:00Z\"]}", 82, "/value", "an array of two numbers")]
    [InlineData("{\"op\":\"between\",\"value\":[\"2026-01-31\",\"2026-02-01\"]}", 82, "/value", "date-times")]
    [InlineData("{\"op\":\"between\",\"value\":[null,null]}", 82, "/value", "an array of two numbers")]
    [InlineData("{\"op\":\"between\",\"value\":[true,true]}", 82, "/value", "an array of two numbers")]
    [InlineData("{\"op\":\"host_in\",\"value\":\"a.b\"}", 82, "/value", "an array of at least one host name")]
    [InlineData("{\"op\":\"host_in\",\"value\":[\"*.b\"]}", 83, "/value/0", "write a host name such as")]
    [InlineData("{\"op\":\"host_in\",\"value\":[\"a\",\"http://b\"]}", 87, "/value/1", "write a host name such as")]
    [InlineData("{\"any\":[]}", 65, "/any", "\"any\" needs at least one condition")]
    [InlineData("{\"any\":{}}", 65, "/any", "\"any\" must be an array")]
    [InlineData("{\"any\":[{\"not\":{\"op\":\"x\"}}]}", 79, "/any/0/not/op", "must be one of")]
    [InlineData("{\"not\":[]}", 65, "/not", "a condition must be an object, not an array")]
    [InlineData("{\"any\":[],\"all\":[]}", 68, "/all", "put \"all\" into \"any\"")]
    [InlineData("{\"any\":[],\"path\":\"args.a\"}", 68, "/path", "has no member \"path\"")]
    [InlineData("{\"path\":\"args.a\",\"op\":\"exists\",\"values\":1}", 89, "/values", "did you mean \"value\"?")]
    public void Refuses(string condition, int column, string below, string message)
    {
        var json = Document("\"tools\":{\"a\":{\"require\":[" + condition + "]}}");
        MemberTests.AssertOneOf(json, 1, column, "/tools/a/require/0" + below, message);
        MemberTests.AssertOneOf(
            json.Replace("require", "approve_if", StringComparison.Ordinal), 1, column + 3,
            "/tools/a/approve_if/0" + below, message);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Expressions_of_one_condition_have_the_length_of_one_together(int count, bool isTaken)
    {
        var value = string.Join(',', Enumerable.Repeat($"\"{new string('a', 600)}\"", count));
        var loaded = Load(Document(
            "\"all_tools\":{\"require\":[{\"path\":\"args.a\",\"op\":\"matches_any\",\"value\":[" + value + "]}]}"));
        Assert.Equal(isTaken, loaded.Policy is not null);
        Assert.Equal(isTaken, !loaded.Problems.Any(static problem =>
            problem.Message.Contains("are too long together", StringComparison.Ordinal)));
    }

    [Fact]
    public void All_tools_takes_conditions_too() => MemberTests.AssertOneOf(
        Document("\"all_tools\":{\"deny_if\":[{\"op\":\"x\"}]}"), 1, 63, "/all_tools/deny_if/0/op", "must be one of");

    [Theory]
    [InlineData("{\"expires\":\"15m\",\"wait\":\"45s\"}", 900, 45)]
    [InlineData("{\"expires\":60,\"wait\":0}", 60, 0)]
    [InlineData("{\"expires\":\"day\",\"wait\":\"0s\"}", 86400, 0)]
    [InlineData("{}", 900, 45)]
    public void The_terms_of_an_approval(string approval, int expires, int wait)
    {
        var decision = Evaluate("{\"action\":\"approve\",\"approval\":" + approval + "}");
        Assert.Equal(DecisionOutcome.Ask, decision.Outcome);
        Assert.Equal(
            new ApprovalTerms(TimeSpan.FromSeconds(expires), TimeSpan.FromSeconds(wait)), decision.Approval);
    }

    [Theory]
    [InlineData("{\"action\":\"approve\",\"approval\":{\"expires\":0}}", "/approval/expires", "from 1 s to 2592000 s")]
    [InlineData("{\"action\":\"approve\",\"approval\":{\"expires\":\"month\"}}", "/approval/expires", "a length")]
    [InlineData("{\"action\":\"approve\",\"approval\":{\"wait\":\"2h\"}}", "/approval/wait", "from 0 s to 3600 s")]
    [InlineData("{\"action\":\"approve\",\"approval\":{\"wait\":-1}}", "/approval/wait", "from 0 s to 3600 s")]
    [InlineData("{\"action\":\"approve\",\"approval\":{\"waits\":1}}", "/approval/waits", "did you mean \"wait\"?")]
    [InlineData("{\"approval\":{}}", "/approval", "has no effect here: add \"approve_if\"")]
    public void Refuses_terms(string entry, string below, string message) =>
        Assert.Contains(Load(Document("\"tools\":{\"a\":" + entry + "}")).Problems, p =>
            p.Pointer == "/tools/a" + below && p.Message.Contains(message, StringComparison.Ordinal));
}
