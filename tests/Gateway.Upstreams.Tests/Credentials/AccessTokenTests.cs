namespace Gateway.Upstreams.Tests.Credentials;

/// <summary>A token is taken before it is needed, shared, renewed in time, and dropped if refused.</summary>
public sealed class AccessTokenTests : IAsyncLifetime
{
    private OAuthBench _bench = null!;

    public async Task InitializeAsync() => _bench = await OAuthBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Takes_a_token_before_the_first_call_so_that_nothing_is_sent_twice()
    {
        await using var upstream = _bench.Upstream();

        Assert.Equal(200, await OAuthBench.CallAsync(upstream));

        Assert.Equal(["Bearer token-1"], _bench.Seen);
        var (form, authorization) = Assert.Single(_bench.Asked);
        Assert.Equal("client_credentials", form["grant_type"]);
        Assert.Equal(_bench.Url.ToString(), form["resource"]);
        Assert.Equal("a b", form["scope"]);
        Assert.Equal(3, form.Count);
        // Each part is encoded as in a form, then both are joined (RFC 6749, 2.3.1).
        Assert.Equal("id%3A1:s3cret+%26%2B%25%3A",
            Encoding.ASCII.GetString(Convert.FromBase64String(authorization["Basic ".Length..])));
    }

    [Fact]
    public async Task The_client_s_own_token_stays_here()
    {
        await using var upstream = _bench.Upstream();
        var headers = new HeaderDictionary { ["Authorization"] = "Bearer of-the-agent" };

        using var answer = await upstream.SendAsync(UpstreamFixture.Post(headers), default);

        Assert.Equal(["Bearer token-1"], _bench.Seen);
    }

    [Fact]
    public async Task Fifty_calls_at_once_take_one_token()
    {
        await using var upstream = _bench.Upstream();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => OAuthBench.CallAsync(upstream)));

        Assert.Single(_bench.Asked);
        Assert.Equal(50, _bench.Seen.Count(static seen => seen == "Bearer token-1"));
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_expires_and_no_call_carries_one_that_has()
    {
        await using var upstream = _bench.Upstream();
        await OAuthBench.CallAsync(upstream);
        _bench.Time.Advance(TimeSpan.FromSeconds(70));
        await OAuthBench.CallAsync(upstream);
        Assert.Single(_bench.Asked);

        // A quarter of its life is left: this call still carries it, while the next is taken beside it.
        _bench.Time.Advance(TimeSpan.FromSeconds(10));
        await OAuthBench.CallAsync(upstream);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (_bench.Asked.Count < 2)
            await timer.WaitForNextTickAsync();
        while (_bench.Seen.Last() != "Bearer token-2")
            await OAuthBench.CallAsync(upstream);

        // Nobody called for long: then the call waits for a new one.
        _bench.Time.Advance(TimeSpan.FromSeconds(100));
        await OAuthBench.CallAsync(upstream);
        Assert.Equal("Bearer token-3", _bench.Seen.Last());
        Assert.Equal(3, _bench.Asked.Count);
    }

    [Fact]
    public async Task A_refused_token_is_dropped_the_call_is_not_sent_again_and_the_next_takes_another()
    {
        await using var upstream = _bench.Upstream();
        await OAuthBench.CallAsync(upstream);
        _bench.Time.Advance(TimeSpan.FromSeconds(20));
        _bench.Revoke("token-1");

        using var refused = await upstream.SendAsync(UpstreamFixture.Post(), default);
        var after = await OAuthBench.CallAsync(upstream);

        Assert.Equal((401, 200), (refused.StatusCode, after));
        Assert.Contains("The next call requests a new one, so call again", refused.Refused, StringComparison.Ordinal);
        Assert.Equal(["Bearer token-1", "Bearer token-1", "Bearer token-2"], _bench.Seen);
        Assert.Null(upstream.Status.CredentialError);
    }

    [Fact]
    public async Task A_server_that_refuses_what_was_just_taken_is_not_asked_at_every_call()
    {
        await using var upstream = _bench.Upstream();
        _bench.Revoke("token-1");
        _bench.Revoke("token-2");

        Assert.Equal(401, await OAuthBench.CallAsync(upstream));
        var refusal = await OAuthBench.RefusalAsync(upstream);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, await OAuthBench.CallAsync(upstream));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await OAuthBench.RefusalAsync(upstream);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(200, await OAuthBench.CallAsync(upstream));
        Assert.Contains(
            "refused a token that had just been issued (invalid_token); the next attempt follows in 1 s",
            refusal,
            StringComparison.Ordinal);
        Assert.Equal(3, _bench.Asked.Count);
    }

    [Fact]
    public async Task Token_request_without_a_response_ends_with_its_time_limit()
    {
        var released = new TaskCompletionSource();
        _bench.TokenReleased = released.Task;
        await using var upstream = _bench.Upstream();

        var refusal = OAuthBench.RefusalAsync(upstream);
        await Soon.UntilAsync(() => !_bench.Asked.IsEmpty, "a token is requested");
        _bench.Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.False(refusal.IsCompleted);
        _bench.Time.Advance(TimeSpan.FromTicks(1));

        Assert.Contains("did not respond", await refusal, StringComparison.Ordinal);
        released.SetResult();
    }

    [Fact]
    public async Task A_refused_client_is_reported_with_its_code_and_retried_only_after_a_delay()
    {
        (_bench.TokenStatus, _bench.TokenAnswer) = (401, """
            { "error": "invalid_client", "error_description": "s3cret &+%: is wrong" }
            """);
        await using var upstream = _bench.Upstream();

        var refusal = await OAuthBench.RefusalAsync(upstream);
        await OAuthBench.RefusalAsync(upstream);

        Assert.Contains(
            "/token refused the gateway's client (HTTP 401, invalid_client)", refusal, StringComparison.Ordinal);
        Assert.Contains("The operator must check its \"oauth\"", refusal, StringComparison.Ordinal);
        Assert.Single(_bench.Asked);
        Assert.Empty(_bench.Seen);
        Assert.Contains("invalid_client", upstream.Status.CredentialError, StringComparison.Ordinal);

        (_bench.TokenStatus, _bench.TokenAnswer) = (200, """{ "access_token": "TOKEN", "token_type": "Bearer" }""");
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, await OAuthBench.CallAsync(upstream));
        Assert.Null(upstream.Status.CredentialError);
    }

    [Theory]
    [InlineData("""{ "token_type": "Bearer" }""", "without a usable access_token")]
    [InlineData("""{ "access_token": "a b", "token_type": "Bearer" }""", "without a usable access_token")]
    [InlineData("""{ "access_token": "a", "access_token": "b", "token_type": "Bearer" }""", "HTTP 200")]
    [InlineData("""{ "access_token": "TOKEN", "token_type": "DPoP" }""", "not a bearer token")]
    [InlineData("""{ "access_token": "TOKEN", "token_type": "Bearer", "expires_in": 0 }""", "has already expired")]
    [InlineData("<html>", "HTTP 200")]
    public async Task What_is_no_token_is_not_sent(string answer, string expected)
    {
        _bench.TokenAnswer = answer;
        await using var upstream = _bench.Upstream();

        Assert.Contains(expected, await OAuthBench.RefusalAsync(upstream), StringComparison.Ordinal);
        Assert.Empty(_bench.Seen);
    }
}
