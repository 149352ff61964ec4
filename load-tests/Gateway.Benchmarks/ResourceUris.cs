using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;

namespace Gateway.Benchmarks;

/// <summary>Decisions on resource URIs: ordinary ones, one with an escape, and one designed to be slow.</summary>
[MemoryDiagnoser]
public class ResourceUris
{
    private const int Batch = 100;

    private static readonly PolicyCall Plain = new(PolicySubject.Resource, "file:///srv/docs/guide/chapter-1.md");
    private static readonly PolicyCall OfAServer = new(PolicySubject.Resource, "notes://team/2026/plan.md");
    private static readonly PolicyCall Escaped = new(PolicySubject.Resource, "file:///srv/docs/my%20guide.md");
    private static readonly PolicyCall Hostile =
        new(PolicySubject.Resource, "file:///srv/docs/" + "%61;a;" + new string('a', 8000));

    private PolicyBinding _binding = null!;
    private PolicyBinding _stars = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _binding = Bind(""" "file:///srv/secret/*", "*.key", "notes://private/*" """);
        _stars = Bind(string.Join(',', Enumerable.Range(0, 20).Select(i => $"\"*a*a*a*{new string('a', 60)}b{i}*\"")));
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int DecidePlain() => Decide(_binding, Plain);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int DecideOfAServer() => Decide(_binding, OfAServer);

    [Benchmark(OperationsPerInvoke = Batch)]
    public int DecideEscaped() => Decide(_binding, Escaped);

    [Benchmark]
    public DecisionOutcome DecideHostile() => PolicyEngine.Decide(_stars, Hostile).Outcome;

    private static int Decide(PolicyBinding binding, in PolicyCall call)
    {
        var allowed = 0;
        for (var i = 0; i < Batch; i++) allowed += (int)PolicyEngine.Decide(binding, call).Outcome;
        return allowed;
    }

    private static PolicyBinding Bind(string deny)
    {
        var loaded = PolicyLoader.Load(Encoding.UTF8.GetBytes($$"""
            {"version":"1","default":"deny",
             "resources":{"allow":["file:///srv/docs/*","notes://team/*"],"deny":[{{deny}}]} }
            """), "policy.json");
        if (loaded.Policy is null) throw new FormatException(string.Join('\n', loaded.Problems));
        return loaded.Policy.Bind("bot", "files");
    }
}
