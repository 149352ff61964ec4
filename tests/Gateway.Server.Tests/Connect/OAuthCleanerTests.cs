using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Connect;

/// <summary>What is over of clients' sign-ins is taken out, and nothing a moment before.</summary>
public sealed class OAuthCleanerTests : IAsyncLifetime
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private ConnectBench _bench = null!;

    public async Task InitializeAsync() => _bench = await ConnectBench.StartAsync(_time);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_question_that_nobody_answered_is_kept_for_ten_minutes()
    {
        var client = await _bench.RegisterAsync();
        await _bench.SignInAsync();
        await ConnectBench.PageAsync(_bench.Browser, ConnectBench.Question(client, new Pkce()));

        Assert.Equal(1, await KeptAsync(TimeSpan.FromMinutes(10) - Moment, ControlKinds.OAuthRequests));
        Assert.Equal(0, await KeptAsync(Moment, ControlKinds.OAuthRequests));
    }

    [Fact]
    public async Task A_code_is_remembered_for_ten_minutes_after_its_end_so_that_its_second_use_is_known()
    {
        await _bench.ConnectAsync();

        Assert.Equal(1, await KeptAsync(TimeSpan.FromMinutes(11) - Moment, ControlKinds.OAuthCodes));
        Assert.Equal(0, await KeptAsync(Moment, ControlKinds.OAuthCodes));
    }

    [Fact]
    public async Task Tokens_go_thirty_days_after_they_were_last_refreshed()
    {
        var (client, _, refresh) = await _bench.ConnectAsync();
        Assert.Equal(1, await KeptAsync(TimeSpan.FromDays(20), ControlKinds.OAuthTokens));
        await _bench.AdminAsync("PUT", "grants/test-client-srv", new JsonObject
        {
            ["servers"] = new JsonObject { ["srv"] = "policy" },
            ["expires"] = null,
        });
        Assert.Equal(200, (await _bench.RefreshAsync(client, refresh)).Status);

        Assert.Equal(1, await KeptAsync(TimeSpan.FromDays(30) - Moment, ControlKinds.OAuthTokens));
        Assert.Equal(0, await KeptAsync(Moment, ControlKinds.OAuthTokens));
    }

    [Fact]
    public async Task Tokens_of_a_grant_that_is_gone_go_at_once()
    {
        await _bench.ConnectAsync();
        await _bench.AdminAsync("DELETE", "grants/test-client-srv");

        Assert.Equal(0, await KeptAsync(TimeSpan.Zero, ControlKinds.OAuthTokens));
    }

    [Fact]
    public async Task Clean_removes_expired_access_tokens_and_sign_ins_from_a_document_in_use()
    {
        var (client, access, refresh) = await _bench.ConnectAsync();
        var services = _bench.Gateway.Host.Services;
        var store = services.GetRequiredService<OAuthStore>();
        var stored = await TokensAsync();
        var idle = stored.Value.Families[0] with
        {
            Id = "idle",
            Used = store.Now - TimeSpan.FromDays(30) + Moment,
            Access = [],
        };
        Assert.True(await store.WriteAsync(
            ControlKinds.OAuthTokens, stored.Name, stored.Version,
            stored.Value with { Families = [.. stored.Value.Families, idle] }, OAuthJson.Default.TokenDocument));
        var until = stored.Value.Families[0].Access[0].Until;

        await KeptAsync(TimeSpan.Zero, ControlKinds.OAuthTokens);
        Assert.Equal(2, (await TokensAsync()).Value.Families.Count);
        await KeptAsync(Moment, ControlKinds.OAuthTokens);
        Assert.NotEqual("idle", Assert.Single((await TokensAsync()).Value.Families).Id);
        await KeptAsync(until - store.Now - Moment, ControlKinds.OAuthTokens);
        var entry = Assert.Single((await TokensAsync()).Value.Families[0].Access);
        Assert.Equal(TokenHash.Of(access).ToString(), entry.Hash);
        await KeptAsync(Moment, ControlKinds.OAuthTokens);
        Assert.Empty((await TokensAsync()).Value.Families[0].Access);

        Assert.Equal(200, (await _bench.RefreshAsync(client, refresh)).Status);
    }

    [Fact]
    public async Task Clean_removes_a_client_without_authorization_after_30_minutes_and_keeps_one_in_use()
    {
        await _bench.RegisterAsync("Never Allowed");
        await _bench.ConnectAsync();

        Assert.Equal(2, await KeptAsync(TimeSpan.FromMinutes(30) - Moment, ControlKinds.OAuthClients));
        Assert.Equal(1, await KeptAsync(Moment, ControlKinds.OAuthClients));
        Assert.Single(await _bench.GrantsAsync());
    }

    [Fact]
    public async Task Clean_keeps_an_unused_client_while_its_consent_page_is_open()
    {
        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        await _bench.SignInAsync();
        _time.Jump(TimeSpan.FromMinutes(29));
        var asked = await ConnectBench.PageAsync(_bench.Browser, ConnectBench.Question(client, pkce));

        Assert.Equal(1, await KeptAsync(TimeSpan.FromMinutes(9), ControlKinds.OAuthClients));
        var (status, html, _) = await _bench.AnswerAsync(asked.Html);
        Assert.Equal(200, status);
        Assert.Equal(
            200, (await _bench.RedeemAsync(client, ConnectBench.Answer(html)["code"], pkce)).Status);
    }

    [Fact]
    public async Task A_client_whose_grant_is_gone_is_known_for_ninety_days_after_it_was_allowed()
    {
        await _bench.ConnectAsync();
        await _bench.AdminAsync("DELETE", "grants/test-client-srv");

        Assert.Equal(1, await KeptAsync(TimeSpan.FromDays(90) - Moment, ControlKinds.OAuthClients));
        Assert.Equal(0, await KeptAsync(Moment, ControlKinds.OAuthClients));
    }

    private async Task<Stored<TokenDocument>> TokensAsync() => Assert.Single(
        await _bench.Gateway.Host.Services.GetRequiredService<OAuthStore>().AllAsync(
            ControlKinds.OAuthTokens, OAuthJson.Default.TokenDocument, CancellationToken.None));

    /// <summary>How many documents of a kind there are after so much time and a cleaning.</summary>
    private async Task<int> KeptAsync(TimeSpan later, string kind)
    {
        _time.Jump(later);
        var services = _bench.Gateway.Host.Services;
        await services.GetRequiredService<OAuthCleaner>().CleanAsync(CancellationToken.None);
        var all = await services.GetRequiredService<IControlStore>().ReadAsync(CancellationToken.None);
        return all.OfKind(kind).Count();
    }
}
