using Gateway.Control.Documents;
using Gateway.Storage.Local.Files;

namespace Gateway.Server.Tests.Logs;

/// <summary>What an operator reads on standard error.</summary>
public sealed class LogTests : IAsyncLifetime, IDisposable
{
    private const string AdminKey = "admin-key-of-this-test";
    private const string WrongToken = "pgw_nobody_has_this_token";
    private const string Secret = "4711-0815";
    private readonly TestFolder _folder = new("gateway-log-");
    private RecordingServer _server = null!;
    private string _config = "";

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _config = TestConfig.Write(_folder.Path, _server.Url, """
            { "version": "1", "default": "deny", "tools": {
              "ok": {}, "pay": { "action": "approve", "approval": { "expires": "15m", "wait": "0s" } } } }
            """, $$""", "admin": { "key": "{{AdminKey}}" }""");
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Says_at_information_what_happened_and_who_it_was()
    {
        await using var gateway = await StartAsync();
        await HappenAsync(gateway);

        var log = gateway.Errors;

        Assert.Matches(@"info  .+: gateway [^ ]+ serves http://127\.0\.0\.1:\d+ with data /.+ in the journal", log);
        Assert.Matches("info  .+: The configuration /.+ is active", log);
        Assert.Matches(@"info  .+: The gateway rejected an agent at 127\.0\.0\.1: the token belongs to no grant", log);
        Assert.Matches(@"info  .+ rejected an agent at 127\.0\.0\.1: the grant or its token has expired", log);
        Assert.Matches(@"warn  .+: The admin API refused a request from 127\.0\.0\.1: the API key is wrong", log);
        Assert.Matches("info  .+: agent was refused tools/call no at srv by .default deny.: ", log);
        var id = Regex.Match(log, "info  .+: Approval ([0-9a-f]{32}) requested: agent wants to call pay").Groups[1];
        Assert.Contains($"Approval {id} was approved by admin: agent's call of pay", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_one_line_an_entry_with_time_level_and_category()
    {
        await using var gateway = await StartAsync();
        await HappenAsync(gateway);

        Assert.All(Lines(gateway), line => Assert.Matches(
            @"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info |warn |error) [A-Za-z.]+: [^\p{Cc}]+\z", line));
    }

    [Fact]
    public async Task Writes_one_json_object_an_entry_where_it_is_asked_to()
    {
        await using var gateway = await StartAsync("--log-format", "json");
        await HappenAsync(gateway);

        Assert.All(Lines(gateway), static line =>
        {
            var entry = JsonNode.Parse(line)!;
            Assert.Matches(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z", (string)entry["Timestamp"]!);
            Assert.Matches("^(Information|Warning)$", (string)entry["LogLevel"]!);
            Assert.NotNull(entry["Category"]);
            Assert.NotNull(entry["Message"]);
        });
    }

    [Fact]
    public async Task Holds_no_secret_at_any_level()
    {
        await using var gateway = await StartAsync("--log-level", "trace");
        await HappenAsync(gateway);

        foreach (var secret in new[] { TestTokens.Agent, WrongToken, AdminKey, "wrong-key", "upstream-secret", Secret })
            Assert.DoesNotContain(secret, gateway.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_of_many_refusals_by_one_rule_the_first_only_and_each_at_debug()
    {
        await using var quiet = await StartAsync();
        await using var chatty = await StartAsync("--log-level", "debug");
        for (var call = 0; call < 20; call++)
        {
            await CallAsync(quiet, "no");
            await CallAsync(chatty, "no");
        }

        await WrittenAsync(quiet);
        await WrittenAsync(chatty);
        Assert.Equal(20, Count(chatty, " to srv refused: "));
        Assert.Equal(1, Count(quiet, "agent was refused"));
        Assert.Equal(1, Count(chatty, "agent was refused"));
    }

    [Fact]
    public async Task Bounds_the_lines_about_one_address_that_has_no_token()
    {
        await using var gateway = await StartAsync();
        for (var call = 0; call < 50; call++)
            await CallAsync(gateway, "ok", WrongToken);

        await WrittenAsync(gateway);
        Assert.Equal(5, Count(gateway, "rejected an agent"));
    }

    [Theory]
    [InlineData(new[] { "--log-level", "error" }, null, null, false)]
    [InlineData(new string[0], "Logging__LogLevel__Default", "Error", false)]
    [InlineData(new[] { "--log-level", "information" }, "Logging__LogLevel__Default", "Error", true)]
    [InlineData(new string[0], "Logging__LogLevel__Gateway.Control.Health", "Error", false)]
    [InlineData(new[] { "--log-level", "error" }, "Logging__LogLevel__Gateway.Control.Health", "Information", true)]
    public async Task Takes_the_level_of_the_option_and_the_levels_of_categories(
        string[] options, string? name, string? value, bool isLogged)
    {
        var environment = new Dictionary<string, string>();
        if (name is not null)
            environment[name] = value!;
        await using var gateway = await GatewayProcess.StartAsync(
            _config, Path.Combine(_folder.Path, "data"), environment, options);
        await HappenAsync(gateway, isLogged ? "rejected an agent" : null);

        Assert.Equal(isLogged, gateway.Errors.Contains("rejected an agent", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Logs_the_document_of_an_operator_that_cannot_be_read()
    {
        var data = Path.Combine(_folder.Path, "data-unreadable");
        using (var store = FileControlStore.Open(Path.Combine(data, "control"), TimeProvider.System))
        {
            await store.WriteAsync(new(ControlKinds.Operators, "eve"), 0, "{ \"id\": 7 }"u8.ToArray(), default);
            await store.WriteAsync(new(ControlKinds.OperatorKeys, "eve/laptop"), 0, "[]"u8.ToArray(), default);
        }

        await using var gateway = await GatewayProcess.StartAsync(_config, data);
        await AdminAsync(gateway, HttpMethod.Get, "operators", AdminKey);

        await Soon.UntilAsync(
            () => Task.FromResult(gateway.Errors.Contains("operator-keys/eve/laptop", StringComparison.Ordinal)),
            "the log has the key's document");
        Assert.Contains("The control document operators/eve cannot be read", gateway.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--log-level", "loud")]
    [InlineData("--log-level", "")]
    [InlineData("--log-format", "xml")]
    public async Task Refuses_a_word_that_is_none_of_the_set(string option, string value)
    {
        var run = await new Cli(_folder.Path).RunAsync("run", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(option == "--log-level" ? "warning" : "json", run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, ".gateway")));
    }

    private async Task<GatewayProcess> StartAsync(params string[] options) => await GatewayProcess.StartAsync(
        _config, Path.Combine(_folder.Path, $"data{Guid.NewGuid():N}"), options);

    /// <summary>One of each thing that is written at Information.</summary>
    /// <param name="gateway">Where.</param>
    /// <param name="last">What it writes last; null: nothing. Lines come in order, after the answer.</param>
    private static async Task HappenAsync(GatewayProcess gateway, string? last = "was approved by admin")
    {
        await CallAsync(gateway, "ok", WrongToken);
        await CallAsync(gateway, "ok", "pgw_expired_token_01234567");
        await CallAsync(gateway, "no");
        await CallAsync(gateway, "pay");
        await AdminAsync(gateway, HttpMethod.Get, "status", "wrong-key");
        var open = await AdminAsync(gateway, HttpMethod.Get, "approvals", AdminKey);
        var id = (string)JsonNode.Parse(open)!["items"]![0]!["id"]!;
        await AdminAsync(gateway, HttpMethod.Post, $"approvals/{id}/approve", AdminKey, """{ "by": "Ada" }""");
        if (last is not null)
            await gateway.SaysAsync(last);
    }

    /// <summary>Lines come in order: where this last one has been read, all those before it have.</summary>
    private static async Task WrittenAsync(GatewayProcess gateway)
    {
        await AdminAsync(gateway, HttpMethod.Get, "status", "wrong-key");
        await gateway.SaysAsync("The admin API refused a request from");
    }

    private static async Task CallAsync(GatewayProcess gateway, string tool, string token = TestTokens.Agent)
    {
        using var client = gateway.Client(token);
        using var body = new StringContent(
            $$"""
            { "jsonrpc": "2.0", "id": 1, "method": "tools/call",
              "params": { "name": "{{tool}}", "arguments": { "card": "{{Secret}}" } } }
            """,
            new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync("", body);
    }

    private static async Task<string> AdminAsync(
        GatewayProcess gateway, HttpMethod method, string path, string key, string? body = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(method, new Uri(gateway.Address, $"/api/v1/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static string[] Lines(GatewayProcess gateway) =>
        gateway.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static int Count(GatewayProcess gateway, string what) => gateway.Errors.Split(what).Length - 1;
}
