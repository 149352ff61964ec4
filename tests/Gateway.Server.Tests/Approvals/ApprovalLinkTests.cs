namespace Gateway.Server.Tests.Approvals;

/// <summary>Links in messages: opened they change nothing, without a sign-in they deny at most, and once.</summary>
public sealed class ApprovalLinkTests : IAsyncLifetime
{
    private MessageReceiver _receiver = null!;
    private ApprovalBench _bench = null!;

    public async Task InitializeAsync()
    {
        _receiver = await MessageReceiver.StartAsync();
        _bench = await ApprovalBench.StartAsync();
        var (status, _) = await _bench.SendAsync("POST", "channels", new JsonObject
        {
            ["name"] = "ops",
            ["kind"] = "webhook",
            ["url"] = _receiver.Url,
            ["allowPrivate"] = true,
            ["linkBase"] = _bench.Gateway.Address.GetLeftPart(UriPartial.Authority),
        });
        Assert.Equal(201, status);
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Show_who_asks_and_no_argument_and_change_nothing()
    {
        var (id, link) = await AskAsync();

        using var shown = await _bench.Gateway.Client.GetAsync(link);
        using var again = await _bench.Gateway.Client.GetAsync(link);

        var page = await shown.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (shown.StatusCode, again.StatusCode));
        Assert.Contains("<strong>refund</strong>", page, StringComparison.Ordinal);
        Assert.Contains($"console/#/approvals/{id}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("987654", page, StringComparison.Ordinal);
        Assert.Equal("no-store", shown.Headers.CacheControl!.ToString());
        Assert.Equal("no-referrer", shown.Headers.GetValues("Referrer-Policy").Single());
        Assert.Single(await _bench.OpenAsync(1));
    }

    [Fact]
    public async Task Deny_once_and_never_approve()
    {
        var (id, link) = await AskAsync();

        using var denied = await PostAsync(link, ("comment", "<b>no</b>\r\nnever"), ("approve", "true"));
        using var again = await PostAsync(link, ("comment", "again"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Gone), (denied.StatusCode, again.StatusCode));
        var (_, view) = await _bench.SendAsync("GET", $"approvals/{id}");
        Assert.Equal(("denied", "a link of the channel ops", "<b>no</b>  never"),
            ((string?)view!["state"], (string?)view["answeredBy"], (string?)view["comment"]));
        Assert.Equal("denied", ApprovalBench.Decision(await _bench.CallAsync("""{"amount":987654}"""))
            .GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Are_nothing_once_answered_nor_where_somebody_made_them_up()
    {
        var (id, link) = await AskAsync();
        await _bench.ApproveAsync(id);
        var forged = link[..^8] + "AAAAAAAA";

        using var late = await PostAsync(link);
        using var made = await PostAsync(forged);
        using var none = await _bench.Gateway.Client.GetAsync(link[..link.LastIndexOf('/')] + "/x");
        using var long_ = await _bench.Gateway.Client.GetAsync(
            link[..link.LastIndexOf('/')] + "/" + new string('A', 4000));

        Assert.All(
            (HttpResponseMessage[])[late, made, none, long_],
            static answer => Assert.Equal(HttpStatusCode.Gone, answer.StatusCode));
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync("""{"amount":987654}""")));
    }

    [Fact]
    public async Task Take_no_form_of_another_site()
    {
        var (_, link) = await AskAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, link)
        {
            Content = new FormUrlEncodedContent([]),
        };
        request.Headers.Add("Origin", "https://evil.example");

        using var refused = await _bench.Gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Single(await _bench.OpenAsync(1));
    }

    private async Task<(string Id, string Link)> AskAsync()
    {
        var id = await _bench.AskAsync("""{"amount":987654}""");
        return (id, (string)(await _receiver.NextAsync()).Json["data"]!["link"]!);
    }

    private Task<HttpResponseMessage> PostAsync(string link, params (string Name, string Value)[] fields) =>
        _bench.Gateway.Client.PostAsync(link, new FormUrlEncodedContent(
            fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))));
}
