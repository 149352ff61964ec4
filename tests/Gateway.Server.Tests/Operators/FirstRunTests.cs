namespace Gateway.Server.Tests.Operators;

/// <summary>The link that a first start prints: it makes the first operator, once.</summary>
public sealed class FirstRunTests : IAsyncLifetime, IDisposable
{
    private const string Password = "correct horse battery staple";
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private AdminBench _bench = null!;
    private OperatorBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync(time: _time);
        _browser = new OperatorBrowser(new Uri(_bench.Host.Addresses[0]));
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Makes_an_administrator_who_is_signed_in_and_says_who_that_was()
    {
        var (status, json) = await FirstAsync(Code());

        Assert.Equal(201, status);
        Assert.Equal("ana", (string?)json!["who"]!["name"]);
        Assert.Equal(["admin"], json["who"]!["roles"]!.AsArray().Select(static role => (string?)role));
        _browser.Csrf = (string?)json["who"]!["csrf"];
        Assert.Equal(200, (await _browser.SendAsync("POST", "pause")).Status);
        var made = _bench.Changes().Single(static change => change.GetProperty("action").GetString() == "create");
        Assert.Equal("operators/ana", made.GetProperty("object").GetString());
        Assert.Equal("ana", _bench.Changes()[^1].GetProperty("by").GetString());
    }

    [Fact]
    public async Task Works_once_however_many_try_at_a_time()
    {
        var code = Code();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => FirstAsync(code, $"ana-{i}")));

        Assert.Single(answers, static answer => answer.Status == 201);
        Assert.All(answers.Where(static answer => answer.Status != 201), static answer =>
        {
            Assert.Equal(403, answer.Status);
            Assert.Contains("gateway operator create", (string?)answer.Json!["detail"]);
        });
        var operators = (await _bench.SendAsync("GET", "operators")).Json!["items"]!.AsArray();
        Assert.Single(operators);
        Assert.Equal(403, (await FirstAsync(code, "late")).Status);
    }

    [Theory]
    [InlineData("ana", "short")]
    [InlineData("a b", Password)]
    [InlineData("", Password)]
    public async Task Is_good_again_where_nothing_came_of_it(string name, string password)
    {
        var code = Code();

        Assert.Equal(422, (await FirstAsync(code, name, password)).Status);

        Assert.Equal(201, (await FirstAsync(code)).Status);
    }

    [Fact]
    public async Task Is_good_for_an_hour()
    {
        var code = Code();
        _time.Jump(TimeSpan.FromMinutes(59));
        Assert.Equal(422, (await FirstAsync(code, password: "short")).Status);

        _time.Jump(TimeSpan.FromMinutes(1));

        Assert.Equal(403, (await FirstAsync(code)).Status);
    }

    [Fact]
    public async Task Is_good_for_nobody_once_there_is_an_operator()
    {
        var code = Code();
        await _bench.KeyOfAsync("ben", "viewer");

        Assert.Equal(403, (await FirstAsync(code)).Status);
        Assert.Null(_bench.Host.NewFirstRun());
    }

    [Theory]
    [InlineData("""{"name":"ana","password":"correct horse battery staple"}""", 400)]
    [InlineData("""{"code":null,"name":"ana","password":"correct horse battery staple"}""", 400)]
    [InlineData("""{"code":"pgf_","name":"ana","password":"correct horse battery staple"}""", 403)]
    [InlineData("""{"code":"","name":"ana","password":"correct horse battery staple"}""", 403)]
    [InlineData("""{"code":["x"],"name":"ana","password":"correct horse battery staple"}""", 400)]
    public async Task Another_code_makes_nobody(string body, int status)
    {
        Code();

        Assert.Equal(status, (await _browser.SendAsync("POST", "session/first", JsonNode.Parse(body))).Status);
        Assert.Empty((await _bench.SendAsync("GET", "operators")).Json!["items"]!.AsArray());
    }

    [Fact]
    public async Task The_code_is_in_no_file()
    {
        var code = Code();
        await FirstAsync(code);

        await _bench.Host.DisposeAsync();

        var kept = Directory.GetFiles(_bench.Folder, "*", SearchOption.AllDirectories);
        Assert.NotEmpty(kept);
        Assert.All(kept, file => Assert.DoesNotContain(code, File.ReadAllText(file, Encoding.Latin1)));
    }

    /// <summary>The code of the link that is printed now.</summary>
    private string Code()
    {
        var link = _bench.Host.NewFirstRun()!;
        Assert.Equal("/console/", link.AbsolutePath);
        return link.Fragment.Split("code=")[1];
    }

    private Task<(int Status, JsonNode? Json)> FirstAsync(
        string code, string name = "ana", string password = Password) =>
        _browser.SendAsync("POST", "session/first", new JsonObject
        {
            ["code"] = code,
            ["name"] = name,
            ["password"] = password,
        });
}
