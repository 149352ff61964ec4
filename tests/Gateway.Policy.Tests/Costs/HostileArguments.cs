namespace Gateway.Policy.Tests.Costs;

/// <summary>Arguments of about a given size that make some step of evaluating them as slow as it gets.</summary>
internal static class HostileArguments
{
    /// <summary>By name; the value is what <c>args.v</c> becomes, in about so many bytes.</summary>
    public static readonly Dictionary<string, Func<int, string>> All = new()
    {
        ["one long text"] = static size => Text('a', size),
        ["a text of marks"] = static size => $"\"{string.Concat(Enumerable.Repeat("a\u0301", size / 3))}\"",
        ["a text of pairs"] = static size => $"\"{string.Concat(Enumerable.Repeat("😀", size / 4))}\"",
        ["a text of escapes"] = static size => $"\"{string.Concat(Enumerable.Repeat("\\n", size / 2))}\"",
        ["a URL of a long host"] = static size => $"\"https://{string.Concat(Enumerable.Repeat("é.", size / 3))}x/\"",
        ["one long number"] = static size => new string('7', size),
        ["one long fraction"] = static size => "0." + new string('0', size) + "1",
        ["one long exponent"] = static size => "1e" + new string('0', size) + "1",
        ["numbers that are all zero"] = static size => Array(size, static i => $"0e1000000000000000000{i:D6}"),
        ["numbers beyond reading"] = static size => Array(size, static i => $"1e1000000000000000000{i:D6}"),
        ["numbers of long digits"] = static size => Array(size, static i => $"1{i:D200}"),
        ["numbers"] = static size => Array(size, static i => $"{i}"),
        ["texts"] = static size => Array(size, static i => $"\"{i}\""),
        ["texts of one beginning"] = static size => Array(size, static i => $"\"{new string('a', 200)}{i}\""),
        ["texts that fill an automaton"] = static size =>
            Array(size, static i => $"\"{Convert.ToString(i * 7919, 2)}bb\"".Replace('0', 'a').Replace('1', 'b')),
        ["empty arrays"] = static size => Array(size, static _ => "[]"),
        ["arrays that differ at their end"] = static size =>
            Array(size, static i => $"[{string.Join(',', Enumerable.Repeat("[]", 100))},{i}]"),
        ["nested arrays"] = static size =>
            Array(size, static i => new string('[', 100) + i + new string(']', 100)),
        ["objects of the same names"] = static size => Array(size, static i => $$"""{"a":1,"b":[],"c":{{i}}}"""),
        ["objects of many names"] = static size => Array(size, static i =>
            "{" + string.Join(',', Enumerable.Range(0, 50).Select(k => $"\"k{k}\":{i}")) + "}"),
        ["two objects of all names"] = static size =>
            $"[{Object(size / 2, static i => $"k{i}")},{Object(size / 2, static i => $"k{i}")}]",
        ["two arrays of all numbers"] = static size =>
            $"[{Array(size / 2, static i => $"{i}")},{Array(size / 2, static i => $"{i}")}]",
        ["many names"] = static size => Object(size, static i => $"k{i}"),
        ["many long names"] = static size => Object(size, static i => new string('n', 300) + i),
        ["names of other letters"] = static size => Object(size, static i => $"Ｎ\u0301ａＭé{i}"),
        ["names that another reader mixes up"] = static size =>
            Object(size, static i => $"A{new string('\u200b', i % 50)}{i}"),
        ["one long name"] = static size => $$"""{"{{new string('n', size)}}":1}""",
        ["nested objects"] = static size => Array(size, static i =>
            string.Concat(Enumerable.Repeat("{\"v\":", 60)) + i + new string('}', 60)),
    };

    private static string Text(char c, int size) => $"\"{new string(c, size)}\"";

    private static string Array(int size, Func<int, string> item) => $"[{Fill(size, item)}]";

    private static string Object(int size, Func<int, string> name) => $"{{{Fill(size, i => $"\"{name(i)}\":{i}")}}}";

    private static string Fill(int size, Func<int, string> part)
    {
        var text = new StringBuilder(size + 512);
        for (var i = 0; text.Length < size; i++)
            text.Append(i == 0 ? "" : ",").Append(part(i));
        return text.ToString();
    }
}
