using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;

namespace Gateway.Benchmarks;

/// <summary>
/// Decisions by a policy of few and of many entries, half of them patterns, on one core. Each call matches another
/// entry. This is the worst case, because a policy that is larger than the processor's caches must then be read from
/// memory.
/// </summary>
[MemoryDiagnoser]
public class PolicySizes
{
    private const int Batch = 1000;

    private Engine _engine = null!;
    private PolicyBinding _binding = null!;
    private PolicyCall[] _exact = [];
    private PolicyCall[] _patterns = [];
    private int _next;

    [Params(10, 10_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public async Task SetUp()
    {
        var document = new StringBuilder(
            """{"version":"1","default":"deny","all_tools":{"limits":[{"counter":"calls",""")
            .Append($$""" "max":900000000000,"window":"{{Engine.Period}}"}]},"tools":{""");
        for (var i = 0; i < Entries / 2; i++) document.Append($$""" "read_{{i}}":{},"send_{{i}}_*":{},""");
        document.Length--;
        var loaded = PolicyLoader.Load(Encoding.UTF8.GetBytes(document.Append("}}").ToString()), "policy.json");
        if (loaded.Policy is null) throw new FormatException(string.Join('\n', loaded.Problems));
        _binding = loaded.Policy.Bind("bot", "afip");
        _exact = [.. Calls("read_{0}")];
        _patterns = [.. Calls("send_{0}_message")];
        _engine = await Engine.OpenAsync();
        foreach (var call in _exact.Concat(_patterns)) await CallAsync(call);
        await _engine.WarmAsync(PolicyEngine.Decide(_binding, _exact[0]).LimitCosts[0]);
    }

    [GlobalCleanup]
    public async Task CleanUp() => await _engine.DisposeAsync();

    [Benchmark(OperationsPerInvoke = Batch)]
    public int DecideByName()
    {
        var allowed = 0;
        for (var i = 0; i < Batch; i++) allowed += (int)PolicyEngine.Decide(_binding, Next(_exact)).Outcome;
        return allowed;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int DecideByPattern()
    {
        var allowed = 0;
        for (var i = 0; i < Batch; i++) allowed += (int)PolicyEngine.Decide(_binding, Next(_patterns)).Outcome;
        return allowed;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task DecideByNameAndCount()
    {
        _engine.LookAtClock();
        for (var i = 0; i < Batch; i++) await CallAsync(Next(_exact));
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task DecideByPatternAndCount()
    {
        _engine.LookAtClock();
        for (var i = 0; i < Batch; i++) await CallAsync(Next(_patterns));
    }

    private ValueTask CallAsync(in PolicyCall call) =>
        _engine.CallAsync(PolicyEngine.Decide(_binding, call).LimitCosts);

    private IEnumerable<PolicyCall> Calls(string name) => Enumerable.Range(0, Entries / 2)
        .Select(i => new PolicyCall(PolicySubject.Tool, string.Format(null, name, i)));

    private ref PolicyCall Next(PolicyCall[] calls)
    {
        _next = (_next + 1931) % calls.Length;
        return ref calls[_next];
    }
}
