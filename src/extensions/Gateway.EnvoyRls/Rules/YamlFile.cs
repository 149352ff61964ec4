using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gateway.EnvoyRls.Rules;

/// <summary>Reads the single document of a YAML file, after checking its depth.</summary>
internal static class YamlFile
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Returns null, and adds a note, if the file cannot be read.</summary>
    public static YamlNode? Read(ReadOnlySpan<byte> utf8, int levelsMax, RuleNotes notes)
    {
        try
        {
            var text = Strict.GetString(utf8);
            if (TooDeep(text, levelsMax) is { } line)
            {
                notes.Wrong(line, $"more than {levelsMax} levels");
                return null;
            }

            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 1)
                return stream.Documents[0].RootNode;
            notes.Wrong(
                stream.Documents.Count == 0 ? 1 : stream.Documents[1].RootNode.Start.Line,
                $"the file has {stream.Documents.Count} documents; write one, with its domain");
        }
        catch (YamlException e)
        {
            notes.Wrong(e.Start.Line, $"this is not YAML: {e.Message}");
        }
        catch (DecoderFallbackException)
        {
            notes.Wrong(1, "the file is not UTF-8");
        }

        return null;
    }

    /// <summary>
    /// Returns the first line that is too deep. The document parser is recursive, so depth is checked on single events
    /// first.
    /// </summary>
    private static long? TooDeep(string text, int levelsMax)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext();)
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > levelsMax)
                return parser.Current.Start.Line;
        }

        return null;
    }
}
