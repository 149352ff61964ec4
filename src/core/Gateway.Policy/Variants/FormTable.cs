using System.Globalization;
using System.Text;

namespace Gateway.Policy.Variants;

/// <summary>
/// Tables of characters and their forms, embedded as text: <c>FIRST-LAST=TARGET</c> or <c>SOURCE=TARGET TARGET</c> in
/// hexadecimal, separated by semicolons.
/// </summary>
internal static class FormTable
{
    private const string Next = "# capitals";

    /// <summary>
    /// Reads the first table of a resource, and the one after the line <c># capitals</c>, which may be empty.
    /// </summary>
    public static (Dictionary<int, string> Forms, Dictionary<int, string> Capitals) Read(string resourceName)
    {
        using var stream = typeof(FormTable).Assembly.GetManifestResourceStream(resourceName)
            ?? throw new InvalidOperationException($"{resourceName} is not embedded in this assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var (forms, capitals) = (new Dictionary<int, string>(), new Dictionary<int, string>());
        var table = forms;
        while (reader.ReadLine() is { } line)
        {
            if (line == Next)
                table = capitals;
            if (line.StartsWith('#'))
                continue;
            foreach (var entry in line.Split(';'))
                ReadEntry(entry, table);
        }

        return (forms, capitals);
    }

    private static void ReadEntry(string entry, Dictionary<int, string> forms)
    {
        var (source, target) = (entry.Split('=')[0], entry.Split('=')[1]);
        var step = source.EndsWith("/2", StringComparison.Ordinal) ? 2 : 1;
        var range = source.Split('/')[0].Split('-');
        var (first, last) = (Hex(range[0]), Hex(range[^1]));
        if (target.Contains(' ', StringComparison.Ordinal))
        {
            forms.Add(first, string.Concat(target.Split(' ').Select(static part => new Rune(Hex(part)).ToString())));
            return;
        }

        for (var point = first; point <= last; point += step)
            forms.Add(point, new Rune(Hex(target) + point - first).ToString());
    }

    private static int Hex(string digits) =>
        int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
