using System.Web;

namespace Gateway.Server.Tests.Connections;

/// <summary>The person behind a connection: its code connects nobody else, and an erasure removes it.</summary>
public sealed class ConnectionPersonTests : IAsyncLifetime
{
    private ConnectionBench _bench = null!;
    private string _ana = null!;
    private string _ben = null!;

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null)
            return;
        _bench = await ConnectionBench.StartAsync();
        (_ana, _ben) = (await _bench.TokenOfAsync("ana"), await _bench.TokenOfAsync("ben"));
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [NodeFact]
    public async Task A_code_of_another_person_connects_nobody()
    {
        using var anas = ConnectionBench.NewBrowser("ana@crm");
        using var bens = ConnectionBench.NewBrowser("ben@crm");
        var (ana, ben) = (await ResponseAsync(anas, _ana, "ana"), await ResponseAsync(bens, _ben, "ben"));
        var injected = HttpUtility.ParseQueryString(ana.Query);
        injected["code"] = HttpUtility.ParseQueryString(ben.Query)["code"];

        // The code is valid, but not for the verifier of ana's sign-in (PKCE).
        var end = await _bench.GoAsync(anas, $"{ana.AbsolutePath}?{injected}");

        Assert.Equal(502, end.Status);
        Assert.Contains("invalid_grant", end.Html, StringComparison.Ordinal);
        Assert.Contains("Connection required", await _bench.CallAsync(_ana), StringComparison.Ordinal);
        Assert.Empty((await _bench.AdminAsync("GET", "connections")).Json!["items"]!.AsArray());

        async Task<Uri> ResponseAsync(HttpClient browser, string token, string person)
        {
            var link = await _bench.LinkAsync(token);
            var page = await _bench.OpenAsync(browser, link, person);
            var next = await _bench.ConsentAsync(browser, link, page.Html);
            return (await _bench.GoAsync(browser, next, ConnectionBench.Callback)).At;
        }
    }

    [NodeFact]
    public async Task An_erased_person_is_in_no_record_of_its_connections()
    {
        using var browser = ConnectionBench.NewBrowser("account");
        await _bench.ConnectAsync(browser, await _bench.LinkAsync(_ana), "ana");
        await _bench.CallAsync(_ben);
        var own = await _bench.GoAsync(browser, "/connections");
        Assert.Equal(303, (await _bench.PostAsync(
            browser, "/connections", ("csrf", ConnectionBench.Field(own.Html, "csrf")),
            ("connection", ConnectionBench.Field(own.Html, "connection")))).Status);
        Assert.Equal(
            [("connect", "ana"), ("disconnect", "ana")],
            _bench.Records().Where(static one => one.GetProperty("kind").ValueEquals("access"))
                .Select(static one => (
                    one.GetProperty("action").GetString(), one.GetProperty("caller").GetString())));

        var cli = new Cli(_bench.Folder, _bench.Address, ConnectionBench.AdminKey);
        var erased = await cli.RunAsync(
            "audit", "erase", "--issuer", "corp", "--subject", "ana", "--reason", "request 17", "--yes");

        Assert.True(erased.ExitCode == 0, erased.Errors);
        var text = string.Concat(_bench.Records().Select(static one => one.GetRawText()));
        Assert.DoesNotContain("ana", text, StringComparison.Ordinal);
        Assert.Contains("\"ben\"", text, StringComparison.Ordinal);
        var verified = await cli.RunAsync("audit", "verify");
        Assert.Contains("0 changed, 0 missing", verified.Output, StringComparison.Ordinal);
    }
}
