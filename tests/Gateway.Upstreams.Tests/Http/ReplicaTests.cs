namespace Gateway.Upstreams.Tests.Http;

/// <summary>Several replicas of one server.</summary>
public sealed class ReplicaTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Replica, string? Session)> _requests = new();
    private LoopbackServer _one = null!;
    private LoopbackServer _two = null!;

    public async Task InitializeAsync() => (_one, _two) = (await StartAsync("one"), await StartAsync("two"));

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Requests_without_a_session_go_to_the_replicas_in_turn()
    {
        await using var upstream = To(_one.Url, _two.Url);

        for (var i = 0; i < 4; i++)
            (await upstream.SendAsync(UpstreamFixture.Post(), default)).Dispose();

        Assert.Equal(
            [("one", 2), ("two", 2)],
            _requests.GroupBy(static one => one.Replica).Select(static g => (g.Key, g.Count())).Order());
    }

    [Fact]
    public async Task Session_stays_at_its_replica_at_every_frontend_whatever_the_order_of_the_list()
    {
        await using var frontend = To(_one.Url, _two.Url);
        await using var another = To(_two.Url, _one.Url);
        var sessions = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await frontend.SendAsync(UpstreamFixture.Post(), default);
            sessions.Add(answer.SessionId!);
        }

        _requests.Clear();
        foreach (var session in sessions)
        {
            using var here = await frontend.SendAsync(UpstreamFixture.Post(session: session), default);
            using var there = await another.SendAsync(UpstreamFixture.Post(session: session), default);
            // The server repeats its id, which must not look like another session.
            Assert.Equal((session, session), (here.SessionId, there.SessionId));
        }

        Assert.Equal(
            [("one", "id-of-one"), ("one", "id-of-one"), ("two", "id-of-two"), ("two", "id-of-two")],
            _requests.Order());
    }

    [Fact]
    public async Task Call_moves_to_another_replica_where_no_connection_opens_and_spends_its_permit_once()
    {
        var dead = await DeadAsync();
        var log = new LogList();
        await using var upstream = To(log, null, dead, _one.Url);
        var permits = 0;

        for (var i = 0; i < 3; i++)
        {
            (await upstream.SendAsync(UpstreamFixture.Post(before: _ =>
            {
                permits++;
                return ValueTask.CompletedTask;
            }), default)).Dispose();
        }

        Assert.Equal((3, 3), (permits, _requests.Count));
        Assert.Contains($"the replica {dead} is not used until", Assert.Single(log.Lines), StringComparison.Ordinal);
        var status = Assert.IsType<HttpStatus>(upstream.Status).Replicas;
        Assert.Equal(
            [(dead, true), (_one.Url, false)], status.Select(static one => (one.Url, one.Fault is not null)));
    }

    [Fact]
    public async Task Call_does_not_move_once_a_byte_was_written()
    {
        await using var breaks = new RawServer(static (_, stream) =>
        {
            stream.Close();
            return Task.CompletedTask;
        });
        await using var upstream = To(breaks.Url, new Uri($"{breaks.Url}2"));
        var request = UpstreamFixture.Post();

        var error = await Assert.ThrowsAsync<UpstreamException>(() => upstream.SendAsync(request, default));

        Assert.Equal((UpstreamFailure.Broken, true, 1), (error.Failure, error.WasWritten, breaks.Connections));
    }

    [Fact]
    public async Task Call_fails_as_not_sent_where_no_replica_can_be_reached()
    {
        await using var upstream = To(await DeadAsync(), await DeadAsync());

        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => upstream.SendAsync(UpstreamFixture.Post(), default));

        Assert.Equal((UpstreamFailure.Connect, false), (error.Failure, error.WasWritten));
    }

    [Fact]
    public async Task Session_of_a_replica_that_cannot_be_reached_gets_404_and_a_new_one_begins_elsewhere()
    {
        await using var upstream = To(_one.Url, _two.Url);
        using var opened = await upstream.SendAsync(UpstreamFixture.Post(), default);
        var (held, other) = _requests.Single().Replica == "one" ? (_one, "two") : (_two, "one");
        var session = opened.SessionId;
        opened.Dispose();
        await held.DisposeAsync();

        using var gone = await upstream.SendAsync(UpstreamFixture.Post(session: session), default);
        _requests.Clear();
        using var again = await upstream.SendAsync(UpstreamFixture.Post(), default);

        Assert.Equal((404, 200), (gone.StatusCode, again.StatusCode));
        Assert.Equal(other, Assert.Single(_requests).Replica);
    }

    [Fact]
    public async Task Session_of_a_replica_that_was_removed_gets_404_and_reaches_no_server()
    {
        string session;
        await using (var before = To(_one.Url, _two.Url))
        using (var opened = await before.SendAsync(UpstreamFixture.Post(), default))
            session = opened.SessionId!;
        var kept = _requests.Single().Replica == "one" ? _two : _one;
        _requests.Clear();
        await using var third = await StartAsync("three");
        await using var upstream = To(kept.Url, third.Url);

        using var gone = await upstream.SendAsync(UpstreamFixture.Post(session: session), default);

        Assert.Equal(404, gone.StatusCode);
        Assert.Empty(_requests);
    }

    [Fact]
    public async Task Session_that_began_before_there_were_replicas_stays_at_the_first_URL()
    {
        string session;
        await using (var before = UpstreamFixture.To(_one.Url))
        using (var opened = await before.SendAsync(UpstreamFixture.Post(), default))
            session = opened.SessionId!;
        _requests.Clear();
        await using var upstream = To(_one.Url, _two.Url);

        for (var i = 0; i < 2; i++)
            (await upstream.SendAsync(UpstreamFixture.Post(session: session), default)).Dispose();

        Assert.Equal("id-of-one", session);
        Assert.Equal([("one", "id-of-one"), ("one", "id-of-one")], _requests);
    }

    [Fact]
    public async Task Session_survives_where_its_replica_becomes_the_only_one()
    {
        string session;
        await using (var before = To(_one.Url, _two.Url))
        using (var opened = await before.SendAsync(UpstreamFixture.Post(), default))
            session = opened.SessionId!;
        var (kept, name) = _requests.Single().Replica == "one" ? (_one, "one") : (_two, "two");
        _requests.Clear();
        await using var upstream = UpstreamFixture.To(kept.Url);

        using var answer = await upstream.SendAsync(UpstreamFixture.Post(session: session), default);

        Assert.Equal([(name, $"id-of-{name}")], _requests);
        Assert.Equal(session, answer.SessionId);
    }

    [Fact]
    public async Task Lost_replica_is_used_again_once_a_connection_to_it_opens()
    {
        var time = new FakeTimeProvider();
        var port = Ports.Free();
        var returns = new Uri($"http://127.0.0.1:{port}/");
        var log = new LogList();
        await using var upstream = To(log, time, returns, _one.Url);
        for (var i = 0; i < 2; i++)
            (await upstream.SendAsync(UpstreamFixture.Post(), default)).Dispose();
        Assert.NotNull(Assert.IsType<HttpStatus>(upstream.Status).Replicas[0].Fault);

        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        time.Advance(TimeSpan.FromSeconds(2));
        (await upstream.SendAsync(UpstreamFixture.Post(), default)).Dispose();
        using var probe = await listener.AcceptTcpClientAsync();
        await log.WaitForAsync($"{returns} can be reached again");

        Assert.Null(Assert.IsType<HttpStatus>(upstream.Status).Replicas[0].Fault);
        Assert.Equal(3, _requests.Count);
    }

    [Theory]
    [InlineData(502, "application/json")]
    [InlineData(503, "text/html")]
    [InlineData(500, "text/plain")]
    public async Task Replica_that_answers_5xx_keeps_its_sessions_and_gets_no_other_requests_for_a_while(
        int status, string mediaType)
    {
        var isBroken = false;
        await using var broken = await StartAsync("broken", async context =>
        {
            if (!isBroken)
                return false;
            (context.Response.StatusCode, context.Response.ContentType) = (status, mediaType);
            await context.Response.WriteAsync("{}");
            return true;
        });
        var time = new FakeTimeProvider();
        var log = new LogList();
        await using var upstream = To(log, time, broken.Url, _one.Url);
        var session = "";
        for (var i = 0; i < 2; i++)
        {
            using var opened = await upstream.SendAsync(UpstreamFixture.Post(), default);
            session = _requests.Last().Replica == "broken" ? opened.SessionId! : session;
        }

        isBroken = true;
        using (var failed = await upstream.SendAsync(UpstreamFixture.Post(session: session), default))
            Assert.Equal(status, failed.StatusCode);
        Assert.Equal(["one", "one", "one", "broken"], await TurnsAsync(upstream, session));
        Assert.Equal(
            $"it responded with HTTP {status}", Assert.IsType<HttpStatus>(upstream.Status).Replicas[0].Fault);

        // It is tried again after 2 s for its two answers, then after 4 s.
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["broken", "one"], (await TurnsAsync(upstream, null))[..2].Order());
        Assert.NotNull(Assert.IsType<HttpStatus>(upstream.Status).Replicas[0].Fault);
        isBroken = false;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["one", "one", "one"], await TurnsAsync(upstream, null));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Contains("broken", await TurnsAsync(upstream, null));
        Assert.Null(Assert.IsType<HttpStatus>(upstream.Status).Replicas[0].Fault);
        Assert.Contains(log.Lines, line => line.Contains($"{broken.Url} can be reached again"));
    }

    [Fact]
    public async Task Replica_that_answers_500_with_a_message_stays_in_use()
    {
        await using var failing = await StartAsync("failing", static async context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (500, "application/json");
            await context.Response.WriteAsync("{}");
            return true;
        });
        await using var upstream = To(failing.Url, _one.Url);

        Assert.Equal(["failing", "failing", "one", "one"], (await TurnsAsync(upstream, null, 4)).Order());
    }

    /// <summary>The replicas that got requests without a session, and one of a session after them.</summary>
    private async Task<string[]> TurnsAsync(HttpUpstream upstream, string? session, int requests = 3)
    {
        _requests.Clear();
        for (var i = 0; i < requests; i++)
            (await upstream.SendAsync(UpstreamFixture.Post(), default)).Dispose();
        if (session is not null)
            (await upstream.SendAsync(UpstreamFixture.Post(session: session), default)).Dispose();
        return [.. _requests.Select(static one => one.Replica)];
    }

    private static HttpUpstream To(params Uri[] urls) => To(new LogList(), null, urls);

    private static HttpUpstream To(LogList log, TimeProvider? time, params Uri[] urls) => new(
        new HttpUpstreamOptions { ServerName = "crm", Url = urls[0], Replicas = [.. urls] },
        time ?? TimeProvider.System, null, null, log);

    private static async Task<Uri> DeadAsync()
    {
        await using var gone = await LoopbackServer.StartAsync(static _ => Task.CompletedTask);
        return gone.Url;
    }

    /// <param name="name">The name of the replica.</param>
    /// <param name="answer">Answers a request instead; false to leave it.</param>
    private Task<LoopbackServer> StartAsync(
        string name, Func<HttpContext, Task<bool>>? answer = null) => LoopbackServer.StartAsync(async context =>
    {
        var session = context.Request.Headers["Mcp-Session-Id"].ToString();
        _requests.Enqueue((name, session.Length == 0 ? null : session));
        if (answer is not null && await answer(context))
            return;
        context.Response.Headers["Mcp-Session-Id"] = $"id-of-{name}";
        await context.Response.WriteAsync("{}");
    });
}
