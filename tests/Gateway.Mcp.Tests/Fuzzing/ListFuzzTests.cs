using System.Buffers;
using Gateway.Mcp.Lists;

namespace Gateway.Mcp.Tests.Fuzzing;

public class ListFuzzTests
{
    private static readonly string[] Names = ["a", "b", "x", "\\u0078", "x ", "X"];
    private static readonly string[] Keys = ["name", "Name", "n\\u0061me", "title", "uri"];
    private static readonly string[] Lists = ["tools", "prompts", "t\\u006fols", "TOOLS", "content", "resources"];
    private static readonly string[] Spaces = ["", " ", "\n", "\t "];

    [Fact]
    public void Leaves_no_hidden_entry_and_changes_nothing_else()
    {
        var random = new Random(FuzzBudget.Seed);
        var changed = 0;
        foreach (var round in FuzzBudget.Rounds(20_000))
        {
            var message = Message(random);
            var output = new ArrayBufferWriter<byte>();
            var result = ListFilter.Apply(Encoding.UTF8.GetBytes(message), new HidingListFilter("x"), output);

            var place = $"seed {FuzzBudget.Seed}, round {round}: {message}";
            Assert.True(result != ListFilterResult.Unreadable, place);
            changed += result == ListFilterResult.Changed ? 1 : 0;
            var passed = result == ListFilterResult.Changed ? Encoding.UTF8.GetString(output.WrittenSpan) : message;
            Assert.True(Expected(message).SequenceEqual(Flat(passed)), $"{place}\n{passed}");
        }

        Assert.True(changed > 100);
    }

    private static string Message(Random random)
    {
        string Pick(string[] from) => from[random.Next(from.Length)];
        string Space() => Pick(Spaces);
        string Member() => $"\"{Pick(Keys)}\":\"{Pick(Names)}\"";
        string Some(int most, Func<string> one) =>
            string.Join(',', Enumerable.Range(0, random.Next(most)).Select(_ => one()));
        string Item() => random.Next(8) == 0 ? "7" : "{" + Some(3, Member) + "}";
        string Entries() => Some(4, () => Space() + Item() + Space());
        string List() => $"\"{Pick(Lists)}\"{Space()}:{Space()}[{Entries()}],";
        var lists = List() + List() + (random.Next(2) == 0 ? "" : List());
        return $"{{\"id\":1,{Space()}\"result\":{{{lists}\"k\":[1,{Space()}2]}},\"end\":0}}";
    }

    private static IEnumerable<string> Expected(string message) => Flat(message, hides: true);

    private static IEnumerable<string> Flat(string message) => Flat(message, hides: false);

    // Every list as its entries' own text, in order; with the hidden ones taken out by rules of its own.
    private static List<string> Flat(string message, bool hides)
    {
        using var document = JsonDocument.Parse(message);
        var flat = new List<string>();
        foreach (var member in document.RootElement.GetProperty("result").EnumerateObject())
        {
            flat.Add(member.Name);
            var key = member.Name.ToLowerInvariant() switch
            {
                "tools" or "prompts" => "name",
                "resources" => "uri",
                _ => "",
            };
            flat.AddRange(member.Value.EnumerateArray()
                .Where(item => !hides || key == "" || IsListed(item, key))
                .Select(item => item.GetRawText()));
        }

        flat.Add(document.RootElement.GetProperty("end").GetRawText());
        return flat;
    }

    private static bool IsListed(JsonElement item, string key)
    {
        if (item.ValueKind != JsonValueKind.Object)
            return false;
        var names = item.EnumerateObject().Where(m => m.Name.Equals(key, StringComparison.OrdinalIgnoreCase)).ToArray();
        return names.Length > 0 && names.All(m => m.Value.GetString() != "x");
    }
}
