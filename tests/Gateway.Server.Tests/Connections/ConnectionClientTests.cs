using System.Web;
using Gateway.Proxy.Delegation;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Connections;

/// <summary>Connections to servers for which the operator registered no client.</summary>
public sealed class ConnectionClientTests
{
    private const string Wiki = "/mcp/wiki";

    [NodeFact]
    public async Task Gateway_registers_itself_once_for_all_callers()
    {
        await using var bench = await ConnectionBench.StartAsync();
        foreach (var person in (string[])["ana", "ben"])
            await ConnectAsync(bench, person);

        Assert.Equal("ana@wiki", await bench.CallAsync(await bench.TokenOfAsync("ana"), Wiki));
        Assert.Equal("ben@wiki", await bench.CallAsync(await bench.TokenOfAsync("ben"), Wiki));
        Assert.Equal(1, (int)(await bench.CountsAsync())["registrations"]!);
    }

    [NodeFact]
    public async Task Client_that_the_authorization_server_has_forgotten_is_registered_again()
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await ConnectionBench.StartAsync(lifetime: 100, time);
        await ConnectAsync(bench, "ana");
        await bench.CountsAsync("forget");

        // The access token has expired, and its renewal finds that the client is gone.
        time.Jump(TimeSpan.FromSeconds(110));

        Assert.Contains(
            "invalid_client", await bench.CallAsync(await bench.TokenOfAsync("ana"), Wiki), StringComparison.Ordinal);
        await ConnectAsync(bench, "ana");
        Assert.Equal("ana@wiki", await bench.CallAsync(await bench.TokenOfAsync("ana"), Wiki));
        Assert.Equal(2, (int)(await bench.CountsAsync())["registrations"]!);
    }

    [NodeFact]
    public async Task Revoked_connection_is_revoked_at_the_authorization_server()
    {
        await using var bench = await ConnectionBench.StartAsync();
        await ConnectAsync(bench, "ana");
        var (_, listed) = await bench.AdminAsync("GET", "connections?server=wiki");
        var name = (string)Assert.Single(listed!["items"]!.AsArray())!["name"]!;

        var (status, _) = await bench.AdminAsync("DELETE", $"connections/{name}");

        Assert.Equal(204, status);
        Assert.Equal(1, (int)(await bench.CountsAsync())["revocations"]!);
        Assert.Contains("Connection required", await bench.CallAsync(await bench.TokenOfAsync("ana"), Wiki),
            StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task Connections_of_a_deleted_grant_and_of_a_deleted_server_are_revoked()
    {
        await using var bench = await ConnectionBench.StartAsync();
        await bench.AddOperatorAsync("ed", "editor");
        var (_, wiki) = await bench.AdminAsync("GET", "servers/wiki");
        var (registered, server) = await bench.AdminAsync("PUT", "servers/notes", new JsonObject
        {
            ["url"] = (string)wiki!["url"]!,
            ["auth"] = "oauth",
        });
        Assert.True(registered is 200 or 201, $"{server}");
        await GrantAsync("kept");
        await GrantAsync("left");

        Assert.Equal(204, (await bench.AdminAsync("DELETE", "grants/left")).Status);

        Assert.Equal(["kept"], await ConnectedAsync());
        await Soon.UntilAsync(async () => (int)(await bench.CountsAsync())["revocations"]! == 1, "one is revoked");
        await bench.AdminAsync("PATCH", "grants/kept", new JsonObject
        {
            ["servers"] = new JsonObject { ["notes"] = null, ["crm"] = "policy" },
        });
        Assert.Equal(204, (await bench.AdminAsync("DELETE", "servers/notes")).Status);
        Assert.Empty(await ConnectedAsync());
        await Soon.UntilAsync(async () => (int)(await bench.CountsAsync())["revocations"]! == 2, "the other too");

        async Task GrantAsync(string name)
        {
            var (status, made) = await bench.AdminAsync("POST", "grants", new JsonObject
            {
                ["name"] = name,
                ["servers"] = new JsonObject { ["notes"] = "policy" },
            });
            Assert.True(status == 201, $"{made}");
            using var browser = ConnectionBench.NewBrowser($"{name}@notes");
            var link = await bench.LinkAsync((string)made!["token"]!, "/mcp/notes");
            await bench.SignInAsync(browser, "ed");
            var page = await bench.GoAsync(browser, link);
            var end = await bench.GoAsync(browser, await bench.ConsentAsync(browser, link, page.Html));
            Assert.True(end.Status == 200, end.Html);
        }

        async Task<IEnumerable<string>> ConnectedAsync() =>
            [.. (await bench.AdminAsync("GET", "connections?server=notes")).Json!["items"]!.AsArray()
                .Select(static one => (string)one!["grant"]!)];
    }

    [NodeFact]
    public async Task Callers_connect_at_the_authorization_server_of_the_official_SDK()
    {
        using var deadline = new CancellationTokenSource(Soon.AtMost);
        await using var node = NodeProcess.Start("sdk-authorization.js");
        var url = (string)JsonNode.Parse(await node.ReadJsonLineAsync(deadline.Token))!["url"]!;
        await using var bench = await ConnectionBench.StartAsync();
        await bench.AddOperatorAsync("ed", "editor");
        await bench.AdminAsync("PUT", "servers/sdk", new JsonObject { ["url"] = url, ["auth"] = "oauth" });
        var (_, made) = await bench.AdminAsync("POST", "grants", new JsonObject
        {
            ["name"] = "reader",
            ["servers"] = new JsonObject { ["sdk"] = "policy" },
        });
        var token = (string)made!["token"]!;
        using var browser = ConnectionBench.NewBrowser("any");
        await bench.SignInAsync(browser, "ed");

        var link = await bench.LinkAsync(token, "/mcp/sdk");
        var page = await bench.GoAsync(browser, link);
        var end = await bench.GoAsync(browser, await bench.ConsentAsync(browser, link, page.Html));

        Assert.True(end.Status == 200, end.Html);
        Assert.Equal(url, await bench.CallAsync(token, "/mcp/sdk"));
    }

    [NodeFact]
    public async Task Client_ID_metadata_document_describes_the_gateway()
    {
        await using var bench = await ConnectionBench.StartAsync();

        var address = new Uri(bench.Address, "/connections/client");
        var document = JsonNode.Parse(await bench.Client.GetStringAsync(address))!;

        Assert.Equal($"{ConnectionBench.Origin}/connections/client", (string?)document["client_id"]);
        Assert.Equal($"{ConnectionBench.Origin}/connections/callback", (string?)document["redirect_uris"]![0]);
        Assert.Equal("none", (string?)document["token_endpoint_auth_method"]);
    }

    [NodeFact]
    public async Task Authorization_server_that_fetches_the_document_needs_no_registration()
    {
        const string origin = "https://gateway.example";
        await using var bench = await ConnectionBench.StartAsync();
        await bench.CountsAsync("document " + Encoding.UTF8.GetString(ConnectionClients.Document(origin)));
        var (services, server) = (bench.Host.Services, bench.Host.Snapshots.Current.Servers["wiki"]);
        var authorization = services.GetRequiredService<ConnectionAuthorization>();
        var requests = services.GetRequiredService<ConnectionRequests>();
        var owner = new ConnectionOwner("key", "people", bench.Company.Issuer, "ana");
        var found = await authorization.FindAsync(server, null, CancellationToken.None);

        var callback = origin + ConnectionPaths.Callback;
        var service = await authorization.IdentifyAsync(server, found, callback, CancellationToken.None);
        var next = await authorization.BeginAsync(
            new ConnectionRequest { Server = "wiki", Owner = owner }, server, service, "browser", "ana", callback);
        using var browser = ConnectionBench.NewBrowser("ana@wiki");
        var query = HttpUtility.ParseQueryString((await ConnectionBench.LeaveAsync(browser, next, origin)).Query);
        var begun = await requests.FindAsync(query["state"]!, CancellationToken.None);
        await authorization.CompleteAsync(begun!.Request, server, query["code"]!, CancellationToken.None);

        Assert.Contains(
            $"client_id={Uri.EscapeDataString(origin + "/connections/client")}", next, StringComparison.Ordinal);
        var token = await services.GetRequiredService<CallerConnections>().FindAsync(
            server, owner.NameAt("wiki"), CancellationToken.None);
        Assert.Null(token.Why);
        Assert.Equal(0, (int)(await bench.CountsAsync())["registrations"]!);
    }

    private static async Task ConnectAsync(ConnectionBench bench, string person)
    {
        using var browser = ConnectionBench.NewBrowser($"{person}@wiki");
        await bench.ConnectAsync(browser, await bench.LinkAsync(await bench.TokenOfAsync(person), Wiki), person);
    }
}
