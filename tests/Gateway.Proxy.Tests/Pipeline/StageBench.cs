using System.Collections.Frozen;
using Gateway.Hosting.Composition;
using Gateway.Hosting.Options;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Policy;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Upstreams.Sessions;
using Gateway.Storage.Local.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace Gateway.Proxy.Tests.Pipeline;

/// <summary>The stages of a real gateway, over an engine and files of their own, and calls for them.</summary>
internal sealed class StageBench : IEngineHealth, IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly JournalEngine _limiter;
    private readonly ServiceProvider _services;
    private readonly CompiledPolicy _policy;

    private StageBench(
        JournalEngine limiter, JumpingTime time, TestFolder folder, string policy, IControlStore? store,
        TimeSpan? unanswered, Action<IServiceCollection>? change)
    {
        (_limiter, Time, _folder) = (limiter, time, folder);
        _policy = Compile(policy);
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IHostApplicationLifetime, ApplicationLifetime>();
        services.AddSingleton<IEngineHealth>(this);
        services.AddSingleton<ILimiter>(limiter);
        services.AddSingleton(limiter.Clock);
        if (store is not null)
            services.AddSingleton(store);
        var gateway = new GatewayOptions { DataDirectory = folder.Path };
        gateway.InFlight.UnansweredMax = unanswered ?? gateway.InFlight.UnansweredMax;
        services.AddGateway(gateway);
        // Nobody reads a stepped store in the background, however long its history takes.
        if (store is not null)
            services.AddSingleton(new StoreStaleness(store, new JumpingTime(time.GetUtcNow(), isStill: true)));
        change?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public string? Fault { get; set; }

    public bool IsClockTrusted { get; set; } = true;

    /// <summary>The clock of limits and permits, and no other.</summary>
    public JumpingTime Time { get; }

    /// <summary>What is evaluated beside the policy; null for nothing.</summary>
    public string? Candidate { get; set; }

    /// <summary>Where the server is; nothing listens at the port unless a test says so.</summary>
    public Uri Server { get; set; } = new("http://127.0.0.1:9/mcp");

    /// <param name="policy">The policy of its grant.</param>
    /// <param name="store">The control store; null for files of its own.</param>
    /// <param name="unanswered">How long a call may stay without a response; null for the default.</param>
    /// <param name="change">Changes the services of the gateway; null for none.</param>
    public static async Task<StageBench> OpenAsync(
        string policy, IControlStore? store = null, TimeSpan? unanswered = null,
        Action<IServiceCollection>? change = null)
    {
        var folder = new TestFolder();
        var options = new JournalEngineOptions { DataDirectory = Path.Combine(folder.Path, "limits") };
        var time = new JumpingTime(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), isStill: true);
        return new StageBench(
            await JournalEngine.OpenAsync(options, time), time, folder, policy, store, unanswered, change);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Runs the stage that takes an input to an output.</summary>
    public async Task<StageResult<TOutput>> RunAsync<TInput, TOutput>(TInput input) =>
        await Get<IStage<TInput, TOutput>>().RunAsync(input);

    /// <summary>Runs a stage that lets the call go on.</summary>
    public async Task<TOutput> PassAsync<TInput, TOutput>(TInput input)
    {
        var result = await RunAsync<TInput, TOutput>(input);
        Assert.True(result.TryGetOutput(out var output, out var end), end.Refusal?.Reason);
        return output!;
    }

    /// <summary>Runs a stage that ends the call or returns it.</summary>
    public async Task<StageEnd> EndAsync<TInput, TOutput>(TInput input)
    {
        var result = await RunAsync<TInput, TOutput>(input);
        Assert.False(result.TryGetOutput(out _, out var end));
        return end;
    }

    public async Task<PricedCall> PriceAsync(CallContext call) =>
        await PassAsync<DecidedCall, PricedCall>(await PassAsync<CallContext, DecidedCall>(call));

    public async Task<ApprovedCall> ApproveAsync(CallContext call) =>
        await PassAsync<PricedCall, ApprovedCall>(await PriceAsync(call));

    public async Task<AdmittedCall> AdmitAsync(CallContext call) =>
        await PassAsync<LimitAttempt, AdmittedCall>(new LimitAttempt(await ApproveAsync(call), null));

    public async Task<AuditedCall> RecordAsync(CallContext call) =>
        await PassAsync<AdmittedCall, AuditedCall>(await AdmitAsync(call));

    public CallContext ToolCall(
        string tool, string more = "", McpRevision revision = McpRevision.Legacy, TaskClaim? claim = null) =>
        Call("tools/call", $$""" "name":"{{tool}}","arguments":{}{{more}} """, revision, claim);

    public CallContext Call(
        string method, string parameters = "", McpRevision revision = McpRevision.Legacy, TaskClaim? claim = null)
    {
        var id = method.StartsWith(McpMethods.NotificationPrefix, StringComparison.Ordinal) ? "" : "\"id\":1,";
        var body = $$$"""{"jsonrpc":"2.0",{{{id}}}"method":"{{{method}}}","params":{{{{parameters}}}}}""";
        var message = McpReader.Read(Encoding.UTF8.GetBytes(body), new McpReadBounds()).Message!;
        var http = new DefaultHttpContext { RequestServices = _services };
        http.Response.Body = new MemoryStream();
        var binding = new GrantBinding(_policy.Bind("bot", "srv"), "p", _policy.Sha256, new AccessState())
        {
            Candidate = Candidate is null ? null : new(
                Compile(Candidate).Bind("bot", "srv", isCandidate: true), Compile(Candidate).Sha256),
        };
        var bindings = new Dictionary<string, GrantBinding> { ["srv"] = binding }.ToFrozenDictionary();
        var grant = new GrantModel("bot", TokenHash.Of("pgw_t"), null, false, bindings, new GrantState("bot"));
        var server = new ServerModel("srv", Server, []);
        var session = new SessionBinding(Get<ISessionSealer>(), "bot", "srv");
        return new CallContext(http, grant, server, message, revision, session, _limiter.Clock.NowMs())
        {
            Claim = claim,
        };
    }

    private static CompiledPolicy Compile(string policy)
    {
        var loaded = PolicyLoader.Load(Encoding.UTF8.GetBytes(policy), "p.json");
        return loaded.Policy ?? throw new InvalidDataException(string.Join('\n', loaded.Problems));
    }

    public static string Answer(CallContext call) =>
        Encoding.UTF8.GetString(((MemoryStream)call.Http.Response.Body).ToArray());

    /// <summary>What is on record now.</summary>
    public IReadOnlyList<JsonElement> RecordsNow() => AuditTrail.Read(Path.Combine(_folder.Path, "audit"));

    /// <summary>Everything on record; the log is closed for it.</summary>
    public JsonElement[] Records()
    {
        Get<AuditLog>().Dispose();
        return [.. Directory.GetFiles(Path.Combine(_folder.Path, "audit"), "*.jsonl")
            .SelectMany(File.ReadLines)
            .Select(static line => JsonDocument.Parse(line).RootElement)
            .Where(static record => record.GetProperty("kind").GetString() is "decision" or "outcome")];
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _limiter.DisposeAsync();
        _folder.Dispose();
    }
}
