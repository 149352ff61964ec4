using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Proxy.Searching;
using Gateway.Proxy.Tools;
using Microsoft.ML.Tokenizers;

namespace Gateway.Benchmarks;

/// <summary>
/// How often the right tool is among the first five that <c>find_tools</c> shows, and how many tokens the first list
/// has, over the tools and tasks of LiveMCPBench and over tasks of our own. Half of the tasks, by the hash of their
/// ids, are for development. Intervals are of 2,000 resamples of the tasks.
/// </summary>
internal static partial class ToolSearchFigures
{
    private const int Shown = 5;
    private static readonly Tokenizer Tokens = TiktokenTokenizer.CreateForModel("gpt-4o");

    /// <param name="checkout">A checkout of <c>icip-cas/LiveMCPBench</c>.</param>
    /// <param name="own">Our tasks: server, a bar, the tool's name, a tab and the request in each line.</param>
    public static void Print(string checkout, string own)
    {
        var tools = Tools(File.ReadAllText(Path.Combine(checkout, "tools/LiveMCPTool/tools.json")));
        var names = tools.Select(static tool => tool.Name).ToHashSet(StringComparer.Ordinal);
        var servers = tools.Select(static tool => tool.Server).Distinct().Count();
        Console.WriteLine($"{tools.Count} tools of {servers} servers; the full list has "
            + $"{tools.Sum(static tool => Tokens.CountTokens(tool.Definition))} tokens, the first list with search "
            + $"{Tokens.CountTokens(FirstList())}");
        Task[] ours = [.. File.ReadLines(own).Select(static line => line.Split('\t'))
            .Select(static cells => new Task(cells[1], [cells[1]], [cells[0]]))];
        Task[] bench = [.. Annotated(
            File.ReadAllText(Path.Combine(checkout, "annotated_data/all_annotations.json")), names)];
        foreach (var half in (bool[])[true, false])
        {
            Console.WriteLine(half ? "development" : "final");
            foreach (var (name, rank) in Rankings(tools))
            {
                Row($"{name}: own tasks", [.. ours.Where(task => task.IsDevelopment == half)], rank);
                Row($"{name}: LiveMCPBench, the question", [.. bench.Where(task => task.IsDevelopment == half)
                    .Select(static task => task with { Queries = [task.Id] })], rank);
                Row($"{name}: LiveMCPBench, each step", [.. bench.Where(task => task.IsDevelopment == half)], rank);
            }
        }
    }

    private static IEnumerable<(string Name, Func<string, IEnumerable<Tool>> Rank)> Rankings(List<Tool> tools)
    {
        var plain = new PlainBm25(tools);
        yield return ("plain BM25", query => plain.Best(query));
        yield return ("find_tools without server names",
            query => ToolRanking.Best(tools, static tool => tool.Unnamed, query));
        yield return ("find_tools", query => ToolRanking.Best(tools, static tool => tool.Searchable, query));
    }

    private static void Row(string name, Task[] tasks, Func<string, IEnumerable<Tool>> rank)
    {
        var shares = tasks.Select(task =>
        {
            var found = task.Queries.SelectMany(query => rank(query).Take(Shown)).ToList();
            return (double)task.Right.Count(right => found.Any(tool => right == tool.Name || right == tool.Key))
                / task.Right.Length;
        }).ToArray();
        var random = new Random(1);
        var means = Enumerable.Range(0, 2000)
            .Select(_ => Enumerable.Range(0, shares.Length).Average(_ => shares[random.Next(shares.Length)]))
            .Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {name,-60} {shares.Length,3} tasks  {shares.Average():0.00} ({means[50]:0.00} to {means[1950]:0.00})"));
    }

    private static List<Tool> Tools(string text)
    {
        using var json = JsonDocument.Parse(text);
        return [.. from project in json.RootElement.EnumerateArray()
                   from server in project.GetProperty("tools").EnumerateObject()
                   from tool in server.Value.GetProperty("tools").EnumerateArray()
                   select new Tool(server.Name, tool.GetProperty("name").GetString()!, tool.GetRawText())];
    }

    /// <summary>Reads the tasks; a tool that the annotators name and no server has is left out.</summary>
    private static IEnumerable<Task> Annotated(string text, HashSet<string> names)
    {
        using var json = JsonDocument.Parse(text);
        foreach (var task in json.RootElement.EnumerateArray())
        {
            var facts = task.GetProperty("Annotator Metadata");
            string[] right =
                [.. Lines(facts.GetProperty("Tools")).Where(names.Contains).Distinct(StringComparer.Ordinal)];
            if (right.Length > 0)
            {
                yield return new Task(
                    task.GetProperty("Question").GetString()!, [.. Lines(facts.GetProperty("Steps"))], right);
            }
        }
    }

    private static IEnumerable<string> Lines(JsonElement text) => text.GetString()!.Split('\n')
        .Select(static line => Numbered().Replace(line, "").Trim()).Where(static line => line.Length > 0);

    [GeneratedRegex(@"^\s*\d+[.)]\s*")]
    private static partial Regex Numbered();

    private static string FirstList()
    {
        using var written = new MemoryStream();
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            MetaTools.Write(json, 20);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(written.ToArray());
    }

    private sealed record Task(string Id, string[] Queries, string[] Right)
    {
        public bool IsDevelopment => SHA256.HashData(Encoding.UTF8.GetBytes(Id))[0] % 2 == 0;
    }

    private sealed record Tool(string Server, string Name, string Definition)
    {
        public string Key => $"{Server}|{Name}";

        public SearchableTool Unnamed { get; } = SearchableTool.Of(Name, Definition);

        public SearchableTool Searchable { get; } = SearchableTool.Of(Name, Definition, Server);
    }

    /// <summary>BM25 with k1 = 1.2 and b = 0.75 over the lower-case words of the whole definition.</summary>
    private sealed partial class PlainBm25
    {
        private readonly List<(Tool Tool, Dictionary<string, int> Words, int Length)> _all;
        private readonly Dictionary<string, double> _rarity;
        private readonly double _usual;

        public PlainBm25(List<Tool> tools)
        {
            _all = [.. tools.Select(static tool => (tool, Words($"{tool.Name} {tool.Definition}").ToList()))
                .Select(static one => (one.tool,
                    one.Item2.CountBy(static word => word, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal),
                    one.Item2.Count))];
            _usual = _all.Average(static one => one.Length);
            _rarity = _all.SelectMany(static one => one.Words.Keys).CountBy(static word => word, StringComparer.Ordinal)
                .ToDictionary(static one => one.Key,
                    one => Math.Log(1 + ((tools.Count - one.Value + 0.5) / (one.Value + 0.5))), StringComparer.Ordinal);
        }

        public IEnumerable<Tool> Best(string query)
        {
            var words = Words(query).Distinct(StringComparer.Ordinal).Where(_rarity.ContainsKey).ToList();
            return _all.Select(one => (one.Tool, Score: words.Sum(word => Score(word, one.Words, one.Length))))
                .Where(static one => one.Score > 0).OrderByDescending(static one => one.Score)
                .Select(static one => one.Tool);
        }

        private double Score(string word, Dictionary<string, int> words, int length) =>
            words.GetValueOrDefault(word) is > 0 and var count
                ? _rarity[word] * count * 2.2 / (count + (1.2 * (0.25 + (0.75 * length / _usual)))) : 0;

        private static IEnumerable<string> Words(string text) =>
            Word().Matches(text).Select(static match => match.Value.ToLowerInvariant());

        [GeneratedRegex(@"[\p{L}\p{N}]+")]
        private static partial Regex Word();
    }
}
