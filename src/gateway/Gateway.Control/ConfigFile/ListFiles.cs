using Gateway.Policy.Json;
using Gateway.Policy.Lists;

namespace Gateway.Control.ConfigFile;

/// <summary>A loader of the lists of a configuration, given in place or as files next to the configuration.</summary>
/// <param name="configPath">The configuration file.</param>
/// <param name="files">Reads files and remembers their content.</param>
/// <param name="problem">Receives a JSON Pointer into the configuration file, and the problem there.</param>
internal sealed class ListFiles(string configPath, ConfigFiles files, Action<string, string> problem)
{
    /// <summary>Returns the lists by name. A list with an error is reported and has a null value.</summary>
    public Dictionary<string, NamedList?> Load(Dictionary<string, JsonNode> lists)
    {
        var loaded = new Dictionary<string, NamedList?>(StringComparer.Ordinal);
        foreach (var (name, node) in lists)
        {
            var place = JsonPointer.Of(["lists", name]);
            if (!EntityName.IsValid(name))
                problem(place, $"\"{name}\" is not a valid name for a list; {EntityName.Rule}");
            loaded[name] = Values(place, node) is { } values ? Check(place, values) : null;
        }

        return loaded;
    }

    private IReadOnlyList<string>? Values(string place, JsonNode node)
    {
        if (node.FileReference() is { } file)
            return Read($"{place}/file", Path.Combine(Path.GetDirectoryName(configPath) ?? "", file));
        if (node.Kind == JsonKind.Array && ListText.Texts(node) is { } values)
            return values;
        problem(place, "a list is an array of strings, or { \"file\": NAME } with one value per line");
        return null;
    }

    private IReadOnlyList<string>? Read(string place, string path)
    {
        try
        {
            if (ListText.Read(files.Read(path), out var why) is { } values)
                return values;
            problem(place, $"the list {path} cannot be read: {why}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem(place, $"the list cannot be read: {e.Message}");
        }

        return null;
    }

    private NamedList? Check(string place, IReadOnlyList<string> values)
    {
        if (NamedList.Problem(values) is not { } found)
            return new NamedList(values);
        problem(place, found.Index is { } index ? $"value {index + 1}: {found.Message}" : found.Message);
        return null;
    }
}
