using Gateway.Catalogue.Importing;
using Gateway.Catalogue.Indexing;
using Gateway.Catalogue.Publishing;

namespace Gateway.Benchmarks;

/// <summary>The time to create, open and search a catalogue of a given size.</summary>
internal static class CatalogueFigures
{
    private const int Questions = 2_000;
    private const int Seed = 21;

    public static void Print(int servers, int tools)
    {
        using var folder = new TestFolder("gateway-catalogue-");
        var (dump, path) = (Path.Combine(folder.Path, "dump.jsonl"), Path.Combine(folder.Path, "index"));
        var made = new CatalogueDump(Seed);
        made.Write(dump, servers, tools);
        Say($"dump: {servers} servers, {tools} tools, {new FileInfo(dump).Length / 1_000_000} MB, seed {Seed}");
        var importer = new DumpImporter(new DumpOptions(), TimeProvider.System);
        var report = importer.Import([dump], path, null, CancellationToken.None);
        Say($"import: {report.Took.TotalSeconds:0.0} s, {report.Speed:0} tools/s, "
            + $"index {report.IndexBytes / 1_000_000} MB, {Environment.WorkingSet / 1_000_000} MB of memory");
        File.Delete(dump);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = TimeProvider.System.GetTimestamp();
        var index = CatalogueIndex.Open(path);
        Say($"opened: {TimeProvider.System.GetElapsedTime(clock).TotalMilliseconds:0} ms, all of it checked; "
            + $"{(GC.GetTotalMemory(forceFullCollection: true) - before) / 1_000_000} MB kept in memory");
        var questions = Enumerable.Range(0, Questions).Select(_ => made.Question()).ToList();
        Time("words", index, questions.Select(static text => new SearchQuestion(text)));
        Time("words, one risk", index, questions.Select(static text =>
            new SearchQuestion(text) { Risk = Gateway.Catalogue.Classifying.RiskLevel.Critical }));
        Time("everything", index, Enumerable.Repeat(new SearchQuestion(""), 50));
    }

    /// <summary>Prints the times of searches in the catalogue of the program, at each letter that is typed.</summary>
    public static void PrintShipped()
    {
        var clock = TimeProvider.System.GetTimestamp();
        var index = PublicCatalogue.Shipped ?? throw new InvalidOperationException("There is no catalogue.");
        Say($"first use: {TimeProvider.System.GetElapsedTime(clock).TotalMilliseconds:0} ms, "
            + $"{index.Servers} servers, {index.Tools} tools");
        string[] typed =
        [
            "refund", "send email", "create github issue", "delete customer", "get weather forecast", "run sql query",
            "list kubernetes pods", "search web", "stripe payment", "reufnd", "wether forcast", "kubernets",
        ];
        var questions = Enumerable.Range(0, 20).SelectMany(_ => typed)
            .SelectMany(static text => Enumerable.Range(1, text.Length).Select(length => text[..length])).ToList();
        Time("as typed", index, questions.Select(static text => new SearchQuestion(text)));
        Time("as typed, by server", index, questions.Select(static text =>
            new SearchQuestion(text) { ByServer = true }));
        Time("everything", index, Enumerable.Repeat(new SearchQuestion("") { ByServer = true }, 50));
    }

    private static void Time(string what, CatalogueIndex index, IEnumerable<SearchQuestion> questions)
    {
        var (times, costs, found, worst) = (new List<double>(), new List<double>(), 0L, ("", 0.0));
        foreach (var question in questions)
        {
            // With other programs running, the elapsed time means little, so the CPU time is printed too.
            var (cpu, clock) = (Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
            found += index.Search(question).Total;
            times.Add(TimeProvider.System.GetElapsedTime(clock).TotalMilliseconds);
            costs.Add((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
            if (times[^1] > worst.Item2)
                worst = (question.Text, times[^1]);
        }

        times.Sort();
        costs.Sort();
        Say($"{what}: p50 {times[times.Count / 2]:0.00} ms, p99 {times[times.Count * 99 / 100]:0.00} ms, "
            + $"longest {worst.Item2:0.0} ms (\"{worst.Item1}\"), {found / times.Count} tools found on "
            + $"average; CPU time p50 {costs[costs.Count / 2]:0.00} ms, p99 {costs[costs.Count * 99 / 100]:0.00} ms, "
            + $"{costs.Average():0.00} ms on average");
    }

    private static void Say(string text) => Console.WriteLine(text);
}
