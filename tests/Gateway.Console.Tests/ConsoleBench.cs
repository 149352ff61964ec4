using Gateway.Audit.Shipping;
using Gateway.Server.Tests.Fixtures;

namespace Gateway.Console.Tests;

/// <summary>A new gateway without an operator, a server whose tools have hostile names, and a browser.</summary>
public sealed class ConsoleBench : IAsyncLifetime, IDisposable
{
    public const string Operator = "ana";
    public const string Password = "correct horse battery";

    /// <summary>Markup and a script. The gateway takes no tool's name with characters that are not seen.</summary>
    public const string Hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>";

    private const string ProgramKey = "console-figures-admin-key-0123456789";
    private readonly TestFolder _folder = new("gateway-console-");
    private RecordingServer? _server;
    private GatewayHost? _gateway;
    private GatewayProcess? _program;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where it listens.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:0";

    /// <summary>
    /// Whether the gateway is the program, in a process of its own: for figures, which are of what users install.
    /// </summary>
    public bool IsProgram { get; init; }

    /// <summary>What stands in its configuration file; null where it has none.</summary>
    public string? Configuration { get; init; }

    /// <summary>The store that it shares with other gateways; null for none.</summary>
    public string? Store { get; init; }

    /// <summary>Where its records go besides the file.</summary>
    public IReadOnlyList<AuditSinkOptions> AuditSinks { get; init; } = [];

    public string ServerUrl => _server!.Url;

    /// <summary>The services of the gateway of this process.</summary>
    public IServiceProvider Services => _gateway!.Services;

    public Uri Address => _program?.Address ?? new(_gateway!.Addresses[0]);

    /// <summary>Where the first operator is made; the test that does it has it to itself.</summary>
    public Uri FirstRun { get; private set; } = null!;

    public string AdminKey => IsProgram ? ProgramKey : _gateway!.NewAdminKey!;

    private string DataDirectory => Path.Combine(_folder.Path, "data");

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _server.Answer = HostileTools.AnswerAsync;
        if (IsProgram)
            _program = await StartProgramAsync();
        else
            await StartHereAsync();
        if (Browser.Executable is null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await Browser.StartAsync(_playwright);
    }

    /// <summary>Ends the program, does something with its data directory, and restarts it at another port.</summary>
    public async Task RestartAsync(Func<string, Task> between)
    {
        _program!.Terminate();
        await _program.WaitForExitAsync();
        await _program.DisposeAsync();
        _program = null;
        await between(DataDirectory);
        _program = await StartProgramAsync();
    }

    private async Task StartHereAsync()
    {
        _gateway = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                Extensions = DefaultExtensions.All,
                ConfigFile = new()
                {
                    Path = Configuration is null ? null : _folder.File("gateway.json", Configuration),
                },
                DataDirectory = DataDirectory,
                Store = Store,
                Listen = [Listen],
                Audit = new() { Sinks = AuditSinks },
                Quiet = true,
            },
            CancellationToken.None);
        FirstRun = _gateway.NewFirstRun()!;
    }

    private Task<GatewayProcess> StartProgramAsync() => GatewayProcess.StartAsync(
        _folder.File("gateway.json", $$"""{ "admin": { "key": "{{ProgramKey}}" } }"""), DataDirectory,
        new Dictionary<string, string> { ["GATEWAY_INVENTORY_EVERY"] = "900" });

    public async Task DisposeAsync()
    {
        if (_program is not null)
            await _program.DisposeAsync();
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A window of its own, with cookies of its own.</summary>
    internal async Task<ConsoleWindow> OpenAsync(
        int width = 1280, ColorScheme theme = ColorScheme.Light, Uri? address = null)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = theme, Locale = "en-GB",
            TimezoneId = "Europe/Zurich", ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout((float)Soon.AtMost.TotalMilliseconds);
        return new ConsoleWindow(await context.NewPageAsync(), address ?? Address);
    }

    /// <summary>A window in which the operator is signed in, whoever made it.</summary>
    internal async Task<ConsoleWindow> SignedInAsync(
        int width = 1280, ColorScheme theme = ColorScheme.Light, string name = Operator, string displayName = "Ana Sol",
        string role = "admin")
    {
        await SendAsync("POST", "operators", new JsonObject
        {
            ["name"] = name, ["displayName"] = displayName, ["roles"] = new JsonArray(role), ["password"] = Password,
        });
        var window = await OpenAsync(width, theme);
        await window.SignInAsync(name, Password);
        return window;
    }

    /// <summary>The server, a policy and a grant under the name; the grant's token, null where it was there.</summary>
    public async Task<string?> ProvideAsync(
        string name, string policy = """{ "version": "1", "default": "deny", "tools": { "get_customer": {} } }""")
    {
        await SendAsync("PUT", $"servers/{name}", new JsonObject { ["url"] = ServerUrl });
        await SendAsync("PUT", $"policies/{name}", policy);
        var made = await SendAsync("POST", "grants", new JsonObject
        {
            ["name"] = $"{name}-bot", ["servers"] = new JsonObject { [name] = name },
        });
        return (string?)made?["token"];
    }

    /// <summary>Calls a tool as an agent does.</summary>
    public async Task<string> CallAsync(string server, string token, string tool, string id = "7")
    {
        using var client = Agent(token);
        return await CallAsync(client, server, tool, id);
    }

    /// <summary>What an agent with this token calls with.</summary>
    public static HttpClient Agent(string token)
    {
        var client = Client(token);
        client.DefaultRequestHeaders.Add("MCP-Protocol-Version", "2025-06-18");
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json, text/event-stream");
        return client;
    }

    /// <summary>The same with a client of many calls.</summary>
    public async Task<string> CallAsync(HttpClient client, string server, string tool, string id = "7")
    {
        using var answer = await client.PostAsync(new Uri(Address, $"/mcp/{server}"), Json(new JsonObject
        {
            ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "tools/call",
            ["params"] = new JsonObject { ["name"] = tool, ["arguments"] = new JsonObject { ["id"] = id } },
        }.ToJsonString()));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>What the admin API has at a path, byte for byte.</summary>
    public async Task<string> ReadAsync(string path)
    {
        using var client = Client(AdminKey);
        return await client.GetStringAsync(new Uri(Address, $"/api/v1/{path}"));
    }

    /// <summary>Asks the admin API with the administrator's key; what is there already stays.</summary>
    public Task<JsonNode?> SendAsync(string method, string path, JsonNode body) =>
        SendAsync(method, path, body.ToJsonString());

    /// <summary>Asks the admin API with a body that is kept as it is.</summary>
    public async Task<JsonNode?> SendAsync(string method, string path, string body)
    {
        using var client = Client(AdminKey);
        using var request = new HttpRequestMessage(new(method), new Uri(Address, $"/api/v1/{path}"))
        {
            Content = Json(body),
        };
        if (method == "PUT")
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict, text);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text) : null;
    }

    private static HttpClient Client(string token) => new(new SocketsHttpHandler { UseProxy = false })
    {
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    private static StringContent Json(string body) => new(body, new MediaTypeHeaderValue("application/json"));
}
