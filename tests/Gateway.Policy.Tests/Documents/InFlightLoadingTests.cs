using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Documents;

public class InFlightLoadingTests
{
    // The value begins at column 63 of line 1.
    [Theory]
    [InlineData("3", 63, "", "\"max_in_flight\" must be an object, not the number 3")]
    [InlineData("[]", 63, "", "\"max_in_flight\" must be an object, not an array")]
    [InlineData("{}", 63, "", "\"max\" is missing")]
    [InlineData("{\"max\":0}", 70, "/max", "a whole number from 1 to 1000, not the number 0")]
    [InlineData("{\"max\":1001}", 70, "/max", "a whole number from 1 to 1000")]
    [InlineData("{\"max\":-1}", 70, "/max", "a whole number from 1 to 1000")]
    [InlineData("{\"max\":1.5}", 70, "/max", "a whole number from 1 to 1000")]
    [InlineData("{\"max\":99999999999999999999}", 70, "/max", "a whole number from 1 to 1000")]
    [InlineData("{\"max\":\"3\"}", 70, "/max", "a whole number from 1 to 1000, not a string")]
    [InlineData("{\"max\":null}", 70, "/max", "a whole number from 1 to 1000, not null")]
    [InlineData("{\"max\":1,\"scope\":\"session\"}", 80, "/scope", "must be one of \"grant\", \"server\"")]
    [InlineData("{\"max\":1,\"scope\":1}", 80, "/scope", "must be one of \"grant\", \"server\"")]
    [InlineData("{\"max\":1,\"window\":60}", 72, "/window", "has no member \"window\"")]
    [InlineData("{\"max\":1,\"max\":2}", 72, "/max", "twice")]
    public void Refuses(string written, int column, string pointer, string message) => MemberTests.AssertOneOf(
        Document($"\"tools\":{{\"a\":{{\"max_in_flight\":{written}}}}}"), 1, column,
        "/tools/a/max_in_flight" + pointer, message);

    [Theory]
    [InlineData("\"tools\":{\"a\":{\"max_in_flight\":{\"max\":3}}}", null)]
    [InlineData("\"all_tools\":{\"max_in_flight\":{\"max\":3}},\"tools\":{\"a\":{\"max_in_flight\":"
        + "{\"max\":2}}}", null)]
    [InlineData("\"all_tools\":{\"max_in_flight\":{\"max\":3}},\"tools\":{\"a\":{\"max_in_flight\":"
        + "{\"max\":3,\"scope\":\"server\"}}}", null)]
    [InlineData("\"all_tools\":{\"max_in_flight\":{\"max\":3}},\"tools\":{\"a\":{\"max_in_flight\":"
        + "{\"max\":3}}}",
        "this \"max_in_flight\" never refuses a call: /all_tools/max_in_flight lets 3 calls")]
    [InlineData("\"all_tools\":{\"max_in_flight\":{\"max\":3,\"scope\":\"server\"}},\"tools\":{\"a\":"
        + "{\"max_in_flight\":{\"max\":4}}}", "never refuses a call")]
    [InlineData("\"tools\":{\"a\":{\"action\":\"deny\",\"max_in_flight\":{\"max\":4}}}",
        "refuses every call, so \"max_in_flight\" has no effect")]
    [InlineData("\"mode\":\"shadow\",\"tools\":{\"a\":{\"action\":\"deny\",\"max_in_flight\":{\"max\":4}}}", null)]
    public void Warns_of_one_that_never_refuses(string members, string? warning)
    {
        var loaded = Load(Document(members));
        Assert.NotNull(loaded.Policy);
        if (warning is null)
            Assert.Empty(loaded.Problems);
        else
            Assert.Contains(warning, Assert.Single(loaded.Problems).Message, StringComparison.Ordinal);
    }
}
