namespace Gateway.Server.Tests.Admin;

/// <summary><c>/api/v1/events</c>: a console hears that something has changed, and asks for it.</summary>
public sealed class EventTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Reports_a_change_with_its_kinds_and_revision()
    {
        using var events = await ListenAsync();
        Assert.Equal("ready", (await events.NextAsync()).Name);

        await _bench.SendAsync("PUT", "policies/limited", JsonNode.Parse(AdminBench.Limited));

        var received = await events.NextAsync("control");
        Assert.Contains("policies", received.Data!["kinds"]!.AsArray().Select(static kind => (string?)kind));
        var now = (long)(await _bench.SendAsync("GET", "status")).Json!["revision"]!;
        Assert.InRange(received.Id, 1, now);
    }

    [Fact]
    public async Task A_client_that_missed_events_is_asked_to_reload_everything()
    {
        await _bench.ProvideAsync();
        var now = (long)(await _bench.SendAsync("GET", "status")).Json!["revision"]!;

        using var same = await ListenAsync(last: now.ToString(CultureInfo.InvariantCulture));
        using var late = await ListenAsync(last: "1");

        Assert.Equal(("ready", now), await same.HeadAsync());
        Assert.Equal(("resync", now), await late.HeadAsync());
    }

    [Fact]
    public async Task An_approver_hears_of_requests_for_approval_alone()
    {
        var key = await _bench.KeyOfAsync("ben", "approver:crm");
        using var events = await ListenAsync(key);
        Assert.Equal("ready", (await events.NextAsync()).Name);
        await _bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = _bench.Server.Address.ToString() });
        await _bench.SendAsync("PUT", "policies/asking", JsonNode.Parse("""
            {
              "version": "1", "default": "deny",
              "tools": { "list_customers": { "action": "approve", "approval": { "wait": "0s" } } }
            }
            """));
        var made = await _bench.SendAsync("POST", "grants", new JsonObject
        {
            ["name"] = "bot",
            ["servers"] = new JsonObject { ["crm"] = "asking" },
        });

        await _bench.CallAsync((string)made.Json!["token"]!);

        // Whatever was told of the servers, policies and grants before would have come first.
        Assert.Equal("approvals", (await events.NextAsync()).Name);
    }

    [Fact]
    public async Task Ends_the_stream_of_an_operator_whose_account_was_removed()
    {
        var key = await _bench.KeyOfAsync("vera", "viewer");
        using var events = await ListenAsync(key);
        Assert.Equal("ready", (await events.NextAsync()).Name);

        await _bench.SendAsync("POST", "operators/vera/disable", new JsonObject());

        await events.EndAsync();
    }

    [Fact]
    public async Task Refuses_the_fifth_stream_of_one_operator_and_takes_it_once_one_is_closed()
    {
        var key = await _bench.KeyOfAsync("vera", "viewer");
        var open = new List<EventReader>();
        for (var i = 0; i < 4; i++)
            open.Add(await ListenAsync(key));

        var refused = await _bench.SendAsync("GET", "events", key: key);
        using var other = await ListenAsync();

        Assert.Equal((429, "Too many streams"), (refused.Status, (string?)refused.Json!["title"]));
        open[0].Dispose();
        EventReader? again = null;
        await Soon.UntilAsync(
            async () => (again = await TryListenAsync(key)) is not null, "the closed stream makes room");
        open.Add(again!);
        open.ForEach(static one => one.Dispose());
    }

    private async Task<EventReader> ListenAsync(string? key = null, string? last = null) =>
        await TryListenAsync(key, last) ?? throw new InvalidOperationException("No stream was given.");

    private async Task<EventReader?> TryListenAsync(string? key, string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? _bench.AdminKey);
        if (last is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        var response = await _bench.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.IsSuccessStatusCode)
            return new EventReader(response);
        response.Dispose();
        return null;
    }
}
