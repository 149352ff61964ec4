namespace Gateway.Server.Tests.Admin;

/// <summary><c>/api/v1/decisions/stream</c>: decisions as they happen.</summary>
public sealed class LiveDecisionTests : IAsyncLifetime
{
    private AdminBench _bench = null!;
    private string _token = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        _token = await _bench.ProvideAsync();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Reports_each_decision_with_its_details()
    {
        await _bench.CallAsync(_token);
        using var live = await OpenAsync();
        // What was decided before is the audit log's to tell.
        Assert.Empty((await live.NextAsync()).Items);

        for (var i = 0; i < 4; i++)
            await _bench.CallAsync(_token);

        var seen = await live.UntilAsync(count: 4);
        Assert.Equal(
            ["allowed", "allowed", "rate_limited", "rate_limited"],
            seen.Select(static one => (string?)one["outcome"]));
        Assert.All(seen, static one => Assert.Equal("bot", (string?)one["grant"]));
        Assert.All(seen, static one => Assert.Equal("list_customers", (string?)one["tool"]));
    }

    [Fact]
    public async Task A_quiet_stream_sends_pings_that_keep_its_place()
    {
        using var live = await OpenAsync();
        await live.NextAsync();
        var place = live.LastId;

        await live.PingAsync();

        Assert.Equal(place, live.LastId);
        await _bench.CallAsync(_token);
        Assert.Single(await live.UntilAsync(count: 1));
    }

    [Fact]
    public async Task Goes_on_where_it_broke_off()
    {
        string place;
        using (var live = await OpenAsync())
        {
            await live.NextAsync();
            await _bench.CallAsync(_token);
            await live.UntilAsync(count: 1);
            place = live.LastId;
        }

        await _bench.CallAsync(_token);
        await _bench.CallAsync(_token);

        using var again = await OpenAsync(last: place);
        Assert.Equal(2, (await again.UntilAsync(count: 2)).Count);
        // A place in somebody else's log, or in none, is no place here.
        foreach (var wrong in (string[])["elsewhere/" + place.Split('/')[1], "nonsense", place + "/x"])
        {
            using var other = await OpenAsync(last: wrong);
            Assert.Empty((await other.NextAsync()).Items);
        }
    }

    [Fact]
    public async Task Passes_over_what_is_too_much_for_a_reader_and_says_so()
    {
        using var live = await OpenAsync();
        await live.NextAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 50; i++)
                await _bench.CallAsync(_token);
        }));

        await Soon.UntilAsync(async () => (await live.NextAsync()).IsSampled, "some are passed over");
    }

    [Fact]
    public async Task Is_for_those_who_may_read_and_ends_when_they_may_no_longer()
    {
        var key = await _bench.KeyOfAsync("vera", "viewer");
        using var live = await OpenAsync(key);
        await live.NextAsync();
        Assert.Equal(401, (await _bench.SendAsync("GET", "decisions/stream", key: "pgo_nobody")).Status);
        var member = await _bench.KeyOfAsync("mia", "member");
        Assert.Equal(403, (await _bench.SendAsync("GET", "decisions/stream", key: member)).Status);

        await _bench.SendAsync("POST", "operators/vera/disable");

        await live.EndAsync();
    }

    [Fact]
    public async Task One_operator_opens_only_so_many()
    {
        var key = await _bench.KeyOfAsync("vera", "viewer");
        var open = new List<LiveReader>();
        var status = 200;
        while (status == 200 && open.Count < 100)
        {
            var live = await OpenAsync(key);
            open.Add(live);
            status = live.Status;
        }

        Assert.Equal(429, status);
        Assert.InRange(open.Count, 2, 50);
        using (var other = await OpenAsync())
            Assert.Equal(200, other.Status);
        foreach (var live in open)
            live.Dispose();
        await Soon.UntilAsync(
            async () =>
            {
                using var again = await OpenAsync(key);
                return again.Status == 200;
            },
            "those that were closed make room");
    }

    private async Task<LiveReader> OpenAsync(string? key = null, string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/decisions/stream");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? _bench.AdminKey);
        if (last is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        return new LiveReader(await _bench.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    /// <summary>Reads the stream as the console does.</summary>
    private sealed class LiveReader(HttpResponseMessage response) : IDisposable
    {
        private readonly EventReader _events = new(response);

        public int Status => (int)response.StatusCode;

        /// <summary>The id of the last event.</summary>
        public string LastId => _events.LastId;

        /// <summary>The next event.</summary>
        public async Task<(IReadOnlyList<JsonNode> Items, bool IsSampled)> NextAsync()
        {
            var data = (await _events.NextAsync("message")).Data!;
            return ([.. data["items"]!.AsArray()!], (bool)data["sampled"]!);
        }

        public Task PingAsync() => _events.NextAsync("ping");

        /// <summary>As many decisions, of however many events.</summary>
        public async Task<List<JsonNode>> UntilAsync(int count)
        {
            var seen = new List<JsonNode>();
            while (seen.Count < count)
                seen.AddRange((await NextAsync()).Items);
            return seen;
        }

        /// <summary>Returns once the stream has ended as a whole response does.</summary>
        public Task EndAsync() => _events.EndAsync();

        public void Dispose() => _events.Dispose();
    }
}
