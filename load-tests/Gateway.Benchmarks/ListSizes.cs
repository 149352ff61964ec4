using System.Text;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Lists;
using Gateway.Policy.Rules;

namespace Gateway.Benchmarks;

/// <summary>The memory of a named list, and the cost of a call that searches it.</summary>
internal static class ListSizes
{
    private const int Calls = 200_000;

    public static void Print(int values)
    {
        foreach (var form in new[] { "text", "lower" })
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var list = new NamedList([.. Enumerable.Range(0, values).Select(static i => $"Person.{i:D7}@example.org")]);
            var (binding, call) = (Bind(list, form), Call(values - 1));
            var decided = PolicyEngine.Decide(binding, call).Outcome;
            var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
            for (var i = 0; i < Calls; i++) PolicyEngine.Decide(binding, call);
            var began = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < Calls; i++) PolicyEngine.Decide(binding, call);
            var took = TimeProvider.System.GetElapsedTime(began);
            Console.WriteLine($"a list of {values} values, compared as {form}: {bytes / 1e6:F1} MB, "
                + $"{bytes / values} bytes a value; {decided}, {took.TotalNanoseconds / Calls:F0} ns a decision");
            GC.KeepAlive(list);
        }
    }

    private static PolicyBinding Bind(NamedList list, string form)
    {
        var lists = new NamedLists(new Dictionary<string, NamedList?> { ["people"] = list });
        var document = $$"""
            { "version": "1", "default": "deny", "tools": { "send": { "require": [
                { "path": "args.to", "op": "in", "list": "people", "as": "{{form}}" } ] } } }
            """;
        var loaded = PolicyLoader.Load(Encoding.UTF8.GetBytes(document), "policy.json", lists);
        if (loaded.Policy is null) throw new FormatException(string.Join('\n', loaded.Problems));
        return loaded.Policy.Bind("bot", "mail", lists: lists);
    }

    private static PolicyCall Call(int value) =>
        PolicyCall.OfTool("send", Encoding.UTF8.GetBytes($$"""{"to":"Person.{{value:D7}}@example.org"}"""));
}
