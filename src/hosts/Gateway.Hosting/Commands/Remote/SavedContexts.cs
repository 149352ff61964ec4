using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>
/// The gateways that the operator has named, in a file that only its owner can read because it contains admin keys.
/// </summary>
internal sealed partial class SavedContexts
{
    public const string FileVariable = "GATEWAY_CONTEXTS";
    public const string NameRule = "1 to 64 of A-Z a-z 0-9 . _ -, beginning with a letter or digit";
    private const UnixFileMode OwnMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersMode = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite;

    private readonly SortedDictionary<string, SavedContext> _all = new(StringComparer.Ordinal);

    /// <summary>The context that is used if none is named; null if none was chosen.</summary>
    public string? Current { get; private set; }

    public IReadOnlyDictionary<string, SavedContext> All => _all;

    /// <summary>
    /// The path of the file. It does not depend on the working directory, even if its folder does not exist yet.
    /// </summary>
    public static string Path => Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path ? path
        : System.IO.Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "gateway", "contexts.json");

    /// <summary>Returns the saved contexts; none if there is no file.</summary>
    /// <exception cref="InvalidDataException">The file cannot be used; the message contains the reason.</exception>
    public static SavedContexts Read()
    {
        var contexts = new SavedContexts();
        var path = Path;
        if (Directory.Exists(path))
            throw new InvalidDataException($"{path} is a directory; contexts are saved in a file. Move it away.");
        if (!File.Exists(path))
            return contexts;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMode) != 0)
        {
            throw new InvalidDataException(
                $"{path} holds admin keys, and other users may read or write it. Run: chmod 600 {path}");
        }

        try
        {
            // An empty file, as mktemp creates it, means that nothing was saved yet.
            if (File.ReadAllText(path) is var text && !string.IsNullOrWhiteSpace(text))
                contexts.Parse(JsonNode.Parse(text)!.AsObject());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException
            or NullReferenceException or KeyNotFoundException or UriFormatException)
        {
            throw new InvalidDataException($"{path} is not valid; correct it, or delete it and add the gateways "
                + "again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} cannot be read: {e.Message}");
        }

        return contexts;
    }

    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>Adds a context; the first becomes the current one.</summary>
    public void Add(string name, SavedContext context)
    {
        _all[name] = context;
        Current ??= name;
    }

    /// <summary>Makes a context the current one; returns false if the name does not exist.</summary>
    public bool Use(string name)
    {
        if (_all.ContainsKey(name))
            Current = name;
        return Current == name;
    }

    /// <summary>Removes a context; returns false if the name does not exist.</summary>
    public bool Remove(string name)
    {
        if (Current == name)
            Current = null;
        return _all.Remove(name);
    }

    /// <summary>Replaces the whole file, readable by its owner only.</summary>
    /// <exception cref="InvalidDataException">The file cannot be written; the message contains the reason.</exception>
    public void Write()
    {
        var path = System.IO.Path.GetFullPath(Path);
        var json = new JsonObject
        {
            ["current"] = Current,
            ["contexts"] = new JsonObject(_all.Select(static one =>
            KeyValuePair.Create<string, JsonNode?>(one.Key, new JsonObject
            {
                ["gateway"] = one.Value.Gateway.ToString(),
                ["key"] = one.Value.Key,
            })))
        };
        try
        {
            var folder = System.IO.Path.GetDirectoryName(path)!;
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, OwnMode | UnixFileMode.UserExecute);
            var next = $"{path}.{Environment.ProcessId}";
            // The file is private from its first byte on, and is replaced as a whole.
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnMode;
            using (var stream = new FileStream(next, options))
            using (var writer = new Utf8JsonWriter(stream))
                json.WriteTo(writer);
            File.Move(next, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} cannot be written: {e.Message}");
        }
    }

    private void Parse(JsonObject json)
    {
        foreach (var (name, one) in json["contexts"]!.AsObject())
            _all[name] = new SavedContext(new Uri((string)one!["gateway"]!), (string?)one["key"]);
        Current = (string?)json["current"];
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Name();
}

/// <summary>A gateway that the operator has named.</summary>
/// <param name="Gateway">The address of its admin API.</param>
/// <param name="Key">Its admin key; null where none was saved.</param>
internal sealed record SavedContext(Uri Gateway, string? Key);
