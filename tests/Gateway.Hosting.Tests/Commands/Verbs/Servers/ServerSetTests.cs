using System.CommandLine;
using Gateway.Control.Contracts;
using Gateway.Hosting.Commands.Verbs.Servers;

namespace Gateway.Hosting.Tests.Commands.Verbs.Servers;

public sealed class ServerSetTests
{
    private static readonly string[] Values =
    [
        typeof(ServerSetTests).Assembly.Location,
        "true", "60", "a=7", "A: b", "http", "oauth", "token_exchange", "ES256",
        "issuer",
    ];

    [Fact]
    public void Every_member_of_a_server_can_be_set()
    {
        var command = ServerSet.Create();
        var set = command.Options.SelectMany(option => Values.SelectMany(value => Set(command, option.Name, value)));
        var members = ServerInput.Members.SelectMany(static member => member.Kind == MemberKind.Object
            ? member.Members.Select(inner => $"{member.Name}.{inner.Name}") : [member.Name]);

        Assert.Equal(members.Order(), set.Distinct().Order());
    }

    [Theory]
    [InlineData("""{ "urls": ["http://a/", "http://b/"] }""", "--url", "http://a/", "--replica", "http://b/")]
    [InlineData("""{ "urls": ["http://b/"] }""", "--replica", "http://b/")]
    [InlineData("""{ "transport": "", "auth": "" }""", "--transport", "auto", "--auth", "none")]
    [InlineData("""{ "host": "" }""", "--host", "")]
    [InlineData("""{ "proxy": { "url": null, "resolves": false } }""", "--proxy", "", "--proxy-resolves", "false")]
    [InlineData("""{ "timeouts": { "callSeconds": null, "tools": { "a": 5, "b": null } } }""",
        "--timeout", "0", "--tool-timeout", "a=5", "--tool-timeout", "b=0")]
    [InlineData("""{ "headers": { "A": "b:c", "D": "" } }""", "--header", "A: b:c", "--header", "D:")]
    [InlineData("""{ "callerHeaders": { "A": null } }""", "--caller-header", "A:")]
    [InlineData("""{ "oauth": { "scope": "read" } }""", "--oauth-scope", "read")]
    [InlineData("""{ "oauth": { "clientId": "c", "exchange": null } }""",
        "--oauth-client-id", "c", "--oauth-exchange", "none")]
    public void Options_become_a_merge_patch(string patch, params string[] options)
    {
        var parsed = ServerSet.Create().Parse(["crm", .. options]);

        var set = ServerSet.Read(parsed, parsed.GetValue<string?>("--url"));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(patch), set), set?.ToJsonString());
    }

    [Theory]
    [InlineData("--header", "value")]
    [InlineData("--caller-header", ": value")]
    [InlineData("--tool-timeout", "export=soon")]
    [InlineData("--tasks-tool", "=5")]
    [InlineData("--timeout", "3000000000")]
    [InlineData("--oauth-private-key", "/nowhere")]
    public void Denies_when_an_option_cannot_be_read(string option, string value) =>
        Assert.Null(ServerSet.Read(ServerSet.Create().Parse(["crm", option, value]), null));

    /// <summary>Returns the members that one option sets; none if it does not accept the value.</summary>
    private static IEnumerable<string> Set(Command command, string option, string value)
    {
        var parsed = command.Parse(["crm", option, value]);
        var patch = parsed.Errors.Count > 0 ? null : ServerSet.Read(parsed, parsed.GetValue<string?>("--url"));
        return (patch ?? []).SelectMany(static member => member.Value is JsonObject inner
            && ServerInput.Members.Any(one => one.Name == member.Key && one.Kind == MemberKind.Object)
            ? inner.Select(one => $"{member.Key}.{one.Key}") : [member.Key]);
    }
}
