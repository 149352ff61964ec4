using System.Text.Json;

namespace Gateway.Benchmarks;

/// <summary>
/// A generator for a dump of servers and tools, the same for the same seed: names consist of verbs and nouns like real
/// ones, and descriptions have the word frequencies of a natural language.
/// </summary>
internal sealed class CatalogueDump(int seed)
{
    private const int RareWords = 60_000;

    private static readonly string[] Verbs = Split("""
        get list create update delete search send find run set add remove read write fetch query execute check upload
        export import refund cancel deploy merge approve charge transfer purge reset summarize translate analyze
        """);

    private static readonly string[] Nouns = Split("""
        user file message order page row card note task record repository issue job event document image video chat
        team site invoice payment customer product token wallet balance calendar email contact folder branch commit
        pipeline cluster pod metric log alert dashboard query table database schema index bucket object key secret
        policy role group channel thread comment review ticket project sprint board template report form survey lead
        deal quote price stock trade weather map place route flight hotel booking song album playlist article feed
        """);

    private static readonly string[] Common = Split("""
        the a of to for and with in by from or an this tool returns given all using data name id optional specific
        information results based list api new existing value current details which content type use number url text
        """);

    private readonly Random _random = new(seed);

    /// <summary>Writes one server per line.</summary>
    public void Write(string path, int servers, int tools)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file);
        for (int server = 0, left = tools; server < servers; server++)
        {
            var count = server == servers - 1 ? left : Math.Min(left, 1 + _random.Next(2 * tools / servers));
            left -= count;
            json.WriteStartObject();
            json.WriteString("name", $"io.github.{Pick(Nouns)}-{server}/{Pick(Nouns)}-{Pick(Nouns)}-mcp");
            json.WriteString("description", Sentence(8));
            json.WriteStartArray("tools");
            for (var i = 0; i < count; i++)
                WriteTool(json, i);
            json.WriteEndArray();
            json.WriteEndObject();
            json.Flush();
            json.Reset();
            file.WriteByte((byte)'\n');
        }
    }

    /// <summary>
    /// Returns a query like those of people: one word or several, common and rare, sometimes incomplete.
    /// </summary>
    public string Question() => _random.Next(6) switch
    {
        0 => Pick(Verbs),
        1 => Pick(Nouns),
        2 => $"{Pick(Verbs)} {Pick(Nouns)}",
        3 => $"{Pick(Verbs)} {Pick(Nouns)} {Pick(Common)}",
        4 => Word(),
        _ => Pick(Nouns)[..3],
    };

    private void WriteTool(Utf8JsonWriter json, int number)
    {
        json.WriteStartObject();
        var (verb, noun) = (Pick(Verbs), Pick(Nouns));
        json.WriteString("name", _random.Next(3) == 0
            ? $"{verb}_{noun}_{number}"
            : $"{verb}_{noun}_{Pick(Nouns)}_{number}");
        json.WriteString("description", $"{verb} the {noun}: {Sentence(16)}");
        json.WriteStartObject("inputSchema");
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        for (var i = 0; i < 3; i++)
        {
            json.WriteStartObject($"{Pick(Nouns)}_{i}");
            json.WriteString("type", "string");
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private string Sentence(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Word()));

    private string Word() => _random.Next(3) switch
    {
        0 => Pick(Common),
        1 => Pick(Nouns),
        // Words with higher numbers are rarer.
        _ => $"w{(int)(RareWords * Math.Pow(_random.NextDouble(), 4)):x}",
    };

    private string Pick(string[] words) => words[(int)(words.Length * Math.Pow(_random.NextDouble(), 2))];

    private static string[] Split(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
