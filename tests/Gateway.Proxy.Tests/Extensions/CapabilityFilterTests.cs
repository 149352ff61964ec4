using Gateway.Policy;
using Gateway.Policy.Rules;
using Gateway.Proxy.Extensions;

namespace Gateway.Proxy.Tests.Extensions;

public sealed class CapabilityFilterTests
{
    private const string Both = """{"a":1, "extensions": {"x/y" : {"z":[1,2]},"io.modelcontextprotocol/tasks":{}} ,"b":{}}""";

    [Theory]
    [InlineData("", """{"a":1,"extensions": {"io.modelcontextprotocol/tasks":{}},"b":{}}""")]
    [InlineData(""","extensions":["x/y"]""", """{"a":1,"extensions": {"x/y" : {"z":[1,2]}},"b":{}}""")]
    [InlineData(""","extensions":[]""", """{"a":1,"extensions": {},"b":{}}""")]
    public void Removes_what_the_policy_does_not_pass_and_keeps_other_bytes(string member, string expected) =>
        Assert.Equal(expected, Filtered(Both, member));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"extensions":{"io.modelcontextprotocol/tasks":{},"io.modelcontextprotocol/ui":{}}}""")]
    [InlineData("""{"extensions":null,"tasks":{"cancel":{}}}""")]
    public void Changes_nothing_where_everything_passes(string capabilities) => Assert.Null(Filtered(capabilities, ""));

    [Theory]
    [InlineData("""{"Extensions":{"x/y":{}}}""", "{}")]
    [InlineData("""{"\u0065xtensions":{"x\/y":{}}}""", """{"\u0065xtensions":{}}""")]
    [InlineData("""{"tasks":{"list":{},"cancel":{}}}""", """{"tasks":{"cancel":{}}}""")]
    [InlineData("""{"Tasks":{"cancel":{}}}""", "{}")]
    public void Removes_spellings_that_another_reader_could_accept(string capabilities, string expected) =>
        Assert.Equal(expected, Filtered(capabilities, ""));

    [Fact]
    public void A_policy_without_tasks_removes_their_experimental_form() =>
        Assert.Equal("""{"tools":{}}""", Filtered("""{"tasks":{"cancel":{}},"tools":{}}""", ""","extensions":["x/y"]"""));

    [Fact]
    public void A_policy_in_shadow_mode_removes_nothing() =>
        Assert.Null(Filtered(Both, ""","mode":"shadow","extensions":[]"""));

    private static string? Filtered(string capabilities, string member) =>
        CapabilityFilter.Filtered(Encoding.UTF8.GetBytes(capabilities), Bound(member)) is { } bytes
            ? Encoding.UTF8.GetString(bytes) : null;

    private static PolicyBinding Bound(string member) => PolicyLoader.Load(
        Encoding.UTF8.GetBytes($$"""{"version":"1","default":"allow"{{member}}}"""), "p.json").Policy!.Bind("bot", "srv");
}
