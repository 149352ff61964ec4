using System.Text.Json.Serialization.Metadata;
using Gateway.Hosting.Commands.Remote;
using Gateway.Hosting.Commands.Verbs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Commands;

/// <summary>The command line with gateways of the previous and the next release.</summary>
public sealed class ReleaseSkewTests
{
    /// <summary>A response with nothing that this release needs, and a member that it does not know.</summary>
    private const string Bare = """{ "items": [{ "unheardOf": { "a": [1] } }], "unheardOf": true }""";

    /// <summary>The verbs that read a response.</summary>
    public static TheoryData<string> Verbs =>
    [
        "apply -f lists.json",
        "approvals list",
        "approvals approve 3f9a",
        "approvals standing list",
        "audit query",
        "audit tail",
        "audit verify",
        "catalogue search refund",
        "channel list",
        "channel resend ops",
        "channel test ops",
        "clock accept",
        "config reload",
        "config show",
        "counter list",
        "counter show bot@crm/otp/grant/fixed/60s/0",
        "grant budgets bot",
        "grant create bot --server crm=support",
        "grant list",
        "grant pause bot",
        "grant rotate bot",
        "grant set bot --server crm=support",
        "grant show bot",
        "grant show-config bot",
        "history",
        "key create laptop --operator ana",
        "key list --operator ana",
        "list add vips ana",
        "list show",
        "list show vips",
        "operator break-glass",
        "operator create ana --role admin",
        "operator list",
        "operator show ana",
        "passkey list --operator ana",
        "pause --all",
        "policy candidate show support",
        "policy list",
        "policy recommend --server crm",
        "policy versions support",
        "report",
        "resume --all",
        "server inspect crm",
        "server inspect crm --json",
        "server list",
        "server rename crm customers",
        "server set crm --host crm.example.com",
        "server show crm",
        "session list",
        "status",
        "tools accept crm --all --reason r",
        "tools drift --server crm",
        "tools list --server crm",
        "tools list --server crm --json",
        "tools show crm sync",
        "tools unaccept crm --all",
        "top --once",
        "usage",
        "whoami",
    ];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_verb_does_not_crash_on_a_response_without_members(string command)
    {
        // In the responses of these, items are names.
        await using var gateway = await StartAsync(
            command.Contains("accept crm", StringComparison.Ordinal) ? """{ "unheardOf": true }""" : Bare);
        using var folder = new TestFolder();
        File.WriteAllText(Path.Combine(folder.Path, "lists.json"), """{"lists":{"vips":["ana"]}}""");

        var run = await new Cli(folder.Path, new Uri(gateway.Urls.Single()), "key").RunAsync(command.Split(' '));

        Assert.True(run.ExitCode is >= 0 and <= 4, $"{run.ExitCode} {run.Output} {run.Errors}");
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot read", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verb_ignores_members_of_a_later_release_and_prints_them_as_JSON()
    {
        const string grant = """
            "name":"bot","status":"active","servers":{"crm":"support"},"origin":"api"
            """;
        const string later = grant + ""","color":{"a":[1]}""";
        using var folder = new TestFolder();
        await using var now = await StartAsync("{\"items\":[{" + grant + "}]}");
        await using var next = await StartAsync("{\"items\":[{" + later + "}],\"hint\":1}");

        var expected = await RunAsync(now, "grant", "list");
        Assert.Contains("crm=support", expected.Output, StringComparison.Ordinal);
        Assert.Equal(expected, await RunAsync(next, "grant", "list"));
        var json = JsonNode.Parse((await RunAsync(next, "grant", "list", "--json")).Output)!;
        Assert.Equal("[{" + later + "}]", json.ToJsonString());

        Task<CliRun> RunAsync(WebApplication gateway, params string[] arguments) =>
            new Cli(folder.Path, new Uri(gateway.Urls.Single()), "key").RunAsync(arguments);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("""{ "items": 1 }""")]
    [InlineData("""{ "items": [{ "name": {} }] }""")]
    [InlineData("<html>")]
    public async Task A_response_of_another_form_is_reported_and_does_not_crash(string body)
    {
        await using var gateway = await StartAsync(body);
        using var folder = new TestFolder();

        var run = await new Cli(folder.Path, new Uri(gateway.Urls.Single()), "key").RunAsync("server", "list");

        Assert.Equal(ExitCode.Unreachable, run.ExitCode);
        Assert.Contains("sent a response that this release cannot read", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_required_member_that_is_missing_or_null_is_empty()
    {
        var page = Read("""{ "items": [{ "name": null, "detachedCredentials": null }, {}] }""",
            ClientJson.Default.PageViewServerView);
        Assert.All(page.Items, static server => Assert.Equal(("", 0), (server.Name, server.HeaderNames.Count)));
        Assert.Null(page.Items[0].DetachedCredentials);

        Assert.Equal("", Read("""{ "token": "t" }""", ClientJson.Default.GrantCreated).Grant.Name);
        Assert.Empty(Read("""{ "file": {} }""", ClientJson.Default.EffectiveConfigView).File!.Members);
        var status = Read("""{ "ready": null, "audit": { "queued": 3 } }""", ClientJson.Default.StatusView);
        Assert.Equal((false, 3, default), (status.Ready, status.Audit!.Queued, status.StartedAt));
    }

    [Fact]
    public void A_word_that_only_a_later_release_knows_is_none_of_the_known_ones()
    {
        var page = Read(
            """{ "items": [{ "kind": "pager" }, { "kind": "slack-app" }] }""", ClientJson.Default.PageViewChannelView);

        Assert.Equal([null, "slack-app"], page.Items.Select(static one => ResourceText.Word(one.Kind)));
    }

    private static T Read<T>(string json, JsonTypeInfo<T> type) => ResponseReader.Read(JsonNode.Parse(json)!, type);

    private static async Task<WebApplication> StartAsync(string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var gateway = builder.Build();
        gateway.Run(async http =>
        {
            http.Response.Headers.ETag = "\"1\"";
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(body);
        });
        await gateway.StartAsync();
        return gateway;
    }
}
