using System.Diagnostics.Metrics;
using Gateway.Audit.Records;
using Gateway.Audit.Sinks;
using Gateway.Audit.Writing;
using Gateway.Control.Telemetry;
using Gateway.Control.Usage.Counting;
using Gateway.Policy.Budgets;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Acquire.Tests.Deciding;

/// <summary>A frontend over an engine of its own, and over a store that several may share.</summary>
internal sealed class Frontend : IAsyncDisposable
{
    private readonly LocalEngine _engine;
    private readonly TestFolder _folder = new("gateway-charges-");
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly AuditLog _audit;
    private readonly AcquireDecider _decider;
    private readonly ChargeBook _charges;
    private readonly IReadOnlyDictionary<string, Budget> _budgets;

    /// <param name="time">The clock.</param>
    /// <param name="budgets">The member <c>budgets</c> of a configuration file.</param>
    /// <param name="store">Null: one of its own.</param>
    /// <param name="options">Null: the usual ones.</param>
    /// <param name="sinks">Further places of the audit log.</param>
    public Frontend(
        ManualTime time, string budgets, IReservationStore? store = null, AcquireOptions? options = null,
        params IAuditSink[] sinks)
    {
        options ??= new AcquireOptions();
        var clock = new ProcessClock(time);
        _engine = new LocalEngine(
            store ?? new SharedStore(), new LocalEngineOptions { StoreTimeoutMs = 0, DeferMs = 0 }, time, clock);
        var markers = new CallMarkers(_engine, clock, options);
        var log = new AuditLogOptions { Directory = Path.Combine(_folder.Path, "audit") };
        _audit = new AuditLog(log, TimeProvider.System, NullLogger<AuditLog>.Instance, sinks);
        var recorder = new ChargeRecorder(
            _audit, new RefusalFold(_audit, time), new UsageCounts(new UsageOptions()),
            new CounterRatios(_services.GetRequiredService<IMeterFactory>(), time), clock);
        _charges = new ChargeBook(_engine, clock, markers, recorder, options);
        _decider = new AcquireDecider(_engine, clock, markers, _charges, recorder, options);
        _budgets = Read(budgets);
    }

    public static ManualTime Noon => new("2026-03-01T12:00:10Z");

    public static IReadOnlyDictionary<string, Budget> Read(string budgets)
    {
        var utf8 = Encoding.UTF8.GetBytes(budgets);
        var problems = new ProblemSink("gateway.json", new LineMap(utf8));
        var context = new DocumentContext(problems);
        var root = JsonTreeReader.Read(utf8, PolicyBounds.DocumentDepthMax, [], out _)!;
        var read = root.Members.ToDictionary(
            static member => member.Name,
            member => BudgetReader.Read(member.Name, member.Value, $"/budgets/{member.Name}", context)!);
        Assert.Empty(problems.ToImmutable());
        return read;
    }

    public Task<AcquireDecision> DecideAsync(string json, string service = "billing") => _decider.AcquireAsync(
        new Actor(service), JsonSerializer.Deserialize(json, AcquireJson.Default.AcquireMessage)!, _budgets);

    public async Task<AcquireAnswer> AskAsync(string json, string service = "billing")
    {
        var decision = await DecideAsync(json, service);
        Assert.Null(decision.Problem);
        return decision.Answer!;
    }

    /// <summary>One call that costs so much of the budget <c>mail</c>.</summary>
    public Task<AcquireAnswer> MailAsync(string id, string cost = "1") =>
        AskAsync($$"""{ "id": "{{id}}", "costs": [ { "budget": "mail", "cost": {{cost}} } ] }""");

    public async Task<ReturnAnswer> ReturnAsync(string json)
    {
        var (answer, problem) = await _charges.ReturnAsync(
            new Actor("billing"), JsonSerializer.Deserialize(json, AcquireJson.Default.ReturnMessage)!);
        Assert.Null(problem);
        return answer!;
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _audit.Dispose();
        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
