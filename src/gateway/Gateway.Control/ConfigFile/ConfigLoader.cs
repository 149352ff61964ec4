using System.Collections.Immutable;
using System.Text;
using Gateway.Control.Contracts;
using Gateway.Control.Snapshots;
using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;
using Gateway.Policy.Schemas;
using Gateway.Policy.Text;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// The reader of a configuration file. All problems are reported together. A single one rejects the whole file, so that
/// a half-read configuration is never applied.
/// </summary>
public sealed class ConfigLoader
{
    /// <summary>The published JSON Schema of the file.</summary>
    public static PublishedSchema Schema { get; } = new(typeof(ConfigLoader).Assembly, "gateway-v1.json");

    private const int SecretBytesMax = 64 * 1024;

    private readonly string _path;
    private readonly Func<string, string?> _environment;
    private readonly ConfigFiles _files;
    private readonly List<PolicyProblem> _ofPolicies = [];
    private ConfigPlaces _places = null!;

    private readonly NamedLists _stored;
    private readonly Func<ServerModel, (string Pointer, string Message)?>? _inspect;

    private ConfigLoader(
        string path, Func<string, string?> environment, NamedLists stored,
        Func<ServerModel, (string Pointer, string Message)?>? inspect, ConfigFiles? files = null) =>
        (_path, _environment, _stored, _inspect, _files) = (path, environment, stored, inspect, files ?? new());

    /// <summary>
    /// Reads servers, policies and grants of a file that a client sent, for a comparison; returns null if the file is
    /// invalid. No variable and no file of this machine is read, because their values make no difference to names and
    /// limits.
    /// </summary>
    /// <param name="path">The path of the file that it is compared with.</param>
    /// <param name="content">The content of the file.</param>
    /// <param name="read">Returns the content of a file that the configuration names.</param>
    /// <param name="stored">The lists and budgets of the control store.</param>
    internal static DefinitionSet? LoadSent(
        string path, byte[] content, Func<string, byte[]?> read, NamedLists stored)
    {
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } named ? named + Path.DirectorySeparatorChar : "";
        var files = new ConfigFiles(file =>
            read(file.StartsWith(folder, StringComparison.Ordinal) ? file[folder.Length..] : file));
        var loader = new ConfigLoader(path, StandIn, stored, inspect: null, files);
        var config = loader.Load(content);
        return loader.Found().Exists(static problem => problem.Severity == ProblemSeverity.Error)
            ? null
            : config?.Objects;
    }

    /// <summary>
    /// Returns a text that is valid in any place of a reference: as an address, as a header's value and as a token.
    /// </summary>
    private static string StandIn(string name) => $"https://placeholder.invalid/{name}";

    /// <summary>
    /// Reads the file at <paramref name="path"/>; a file that cannot be read is a problem, not an exception.
    /// </summary>
    /// <param name="path">The configuration file; relative paths of policy files start at its folder.</param>
    /// <param name="environment">Looks up the value of <c>${NAME}</c>; returns null if it is not set.</param>
    /// <param name="stored">
    /// The lists and budgets of the control store; null if they have not been read.
    /// </param>
    /// <param name="content">
    /// The content of the file if the caller has read it already: a pipe can be read only once.
    /// </param>
    /// <param name="inspect">
    /// Compares a server with the machine, such as its program with the files that there are. Returns a JSON Pointer
    /// below the server and a warning, or null.
    /// </param>
    public static ConfigResult Load(
        string path, Func<string, string?> environment, NamedLists? stored = null, byte[]? content = null,
        Func<ServerModel, (string Pointer, string Message)?>? inspect = null)
    {
        var loader = new ConfigLoader(path, environment, stored ?? NamedLists.Unknown, inspect);
        var config = loader.Load(content);
        var found = loader.Found();
        var problems = found.Where(static problem => problem.Severity == ProblemSeverity.Error).ToImmutableArray();
        return new ConfigResult
        {
            Config = problems.IsEmpty ? config : null,
            Problems = problems,
            Warnings = [.. found.Where(static problem => problem.Severity == ProblemSeverity.Warning)],
            Files = loader._files,
        };
    }

    private ConfigObjects? Load(byte[]? content)
    {
        byte[] file;
        try
        {
            file = content ?? _files.Read(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _places = ConfigPlaces.Read("{}"u8.ToArray(), _path);
            _places.Error("", $"the configuration cannot be read: {e.Message}");
            return null;
        }

        _places = ConfigPlaces.Read(file, _path);
        if (_places.Root is not { } root || ConfigReader.Read(root, _places.Context) is not { } config)
            return null;
        _places.EndReading();
        return Build(config, file) with { Members = ConfigFileMember.Of(root, _places.Lines) };
    }

    /// <summary>
    /// Returns the problems in the order of the file, followed by the problems in each policy's own file.
    /// </summary>
    private List<PolicyProblem> Found() =>
    [
        .. _places.Problems.Concat(_ofPolicies.Where(problem => problem.File == _path))
            .OrderBy(static problem => problem.Line).ThenBy(static problem => problem.Column),
        .. _ofPolicies.Where(problem => problem.File != _path),
    ];

    private ConfigObjects Build(GatewayConfig config, byte[] file)
    {
        var servers = config.Servers.Select(s => Server(s.Key, s.Value)).OfType<ServerModel>().ToList();
        var lists = new ListFiles(_path, _files, _places.Error).Load(config.Lists);
        var known = _stored with
        {
            All = DefinitionSet.Merge(lists, _stored.All),
            Budgets = _stored.Budgets is { } stored ? DefinitionSet.Merge(config.Budgets, stored) : config.Budgets,
        };
        var policies = new PolicyFiles(_path, _files, known, _places.Error, _ofPolicies.Add, config.PolicyTests)
            .Load(config.Policies, file);
        var names = new GrantReader(config, _places.Error, Expand);
        var grants = config.Grants.Select(g => names.Read(g.Key, g.Value)).OfType<GrantDefinition>().ToList();
        var objects = DefinitionSet.Of(servers, policies, grants) with { Lists = lists, Budgets = config.Budgets };
        foreach (var grant in grants)
        {
            foreach (var (policy, why) in objects.Uncharged(grant, known))
                _places.Error(JsonPointer.Of(["grants", grant.Name]), $"its policy {policy} cannot be used: {why}");
        }

        foreach (var twin in grants.GroupBy(g => g.Token).Where(g => g.Count() > 1))
            _places.Error(JsonPointer.Of(["grants", twin.Last().Name]),
                $"the grants {string.Join(" and ", twin.Select(g => g.Name))} have the same token; give each its own");

        foreach (var twin in grants.Where(g => g.Match is not null).GroupBy(g => g.Match!.Order)
            .Where(g => g.Count() > 1 && g.Key > 0))
        {
            _places.Error(JsonPointer.Of(["grants", twin.Last().Name, "order"]),
                $"the grants {string.Join(" and ", twin.Select(g => g.Name))} have the same order; give each its own");
        }

        foreach (var grant in grants.Where(g => g.Match is not null).GroupBy(g => g.Match!.Issuer)
            .Where(g => g.Count() > 1).SelectMany(g => g).Where(g => g.Match!.Order == 0))
        {
            _places.Error(JsonPointer.Of(["grants", grant.Name]),
                $"several grants match tokens of {grant.Match!.Issuer}; give each its own \"order\"");
        }

        foreach (var twin in servers.Where(s => s.Host is not null).GroupBy(s => s.Host).Where(s => s.Count() > 1))
            _places.Error(JsonPointer.Of(["servers", twin.Last().Name, "host"]),
                $"the servers {string.Join(" and ", twin.Select(s => s.Name))} have the same host; give each its own");

        var publicUrl = Address("/publicUrl", config.PublicUrl);
        var oauth = new SignInReader(_places.Error, Expand).Read(config.OAuth, config.Grants.Keys);
        var edge = new EdgeRules(config.AllowedHosts, config.AllowedOrigins, publicUrl)
        {
            TrustedProxies = TrustedProxyReader.Read(config.TrustedProxies, _places.Error, Expand),
        };
        return new ConfigObjects
        {
            Objects = objects,
            Alerts = Alerts(config),
            Edge = oauth is null ? edge : edge.With(oauth.Address),
            OAuth = oauth,
            Callers = new IdentityReader(_places.Error, Expand).Read(
                config.Identity, oauth?.Address ?? publicUrl, oauth),
            AdminKey = AdminKey(config.Admin?.Key, grants),
            Proxy = new ProxyReader(_places.Error, Expand).Read(config.Admin?.Proxy),
            Providers = new ProviderReader(_places.Error, Expand).Read(config.Admin?.Providers),
            AdminUrl = Address("/admin/url", config.Admin?.Url),
            PasskeyDomain = PasskeyDomain(config.Admin?.PasskeyDomain),
            PublicUrl = publicUrl,
        };
    }

    private Dictionary<string, AlertSpec> Alerts(GatewayConfig config)
    {
        if (config.Alerts.Count > AlertSpec.CountMax)
        {
            _places.Error("/alerts",
                $"there are {config.Alerts.Count} alert rules; at most {AlertSpec.CountMax} are allowed, so remove "
                    + "some");
        }

        foreach (var (name, alert) in config.Alerts)
        {
            var place = JsonPointer.Of(["alerts", name]);
            if (!EntityName.IsValid(name))
                _places.Error(place, $"\"{name}\" is not a valid name for an alert rule; {EntityName.Rule}");
            AlertSpec.Members.RemoveDefaults(alert);
            foreach (var (pointer, message) in alert.Problems().Concat(alert.ProblemsOfNew()))
                _places.Error(place + pointer, message);
            // The control store may have them, and it is not known here.
            WarnOfUnknown($"{place}/server", "server", alert.Server, config.Servers.Keys);
            WarnOfUnknown($"{place}/grant", "grant", alert.Grant, config.Grants.Keys);
        }

        return config.Alerts;
    }

    private void WarnOfUnknown(string place, string noun, string? name, IReadOnlyCollection<string> known)
    {
        if (name is not null && !known.Contains(name))
        {
            _places.Warn(place, $"this file has no {noun} \"{Spelling.Shorten(name)}\"; without a stored {noun} of "
                + $"this name, the rule never fires{Spelling.Suggest(name, known)}");
        }
    }

    private string? PasskeyDomain(string? written)
    {
        if (written is null || (Uri.CheckHostName(written) == UriHostNameType.Dns
            && !written.Any(char.IsAsciiLetterUpper) && !written.EndsWith('.')))
        {
            return written;
        }

        _places.Error("/admin/passkeyDomain",
            $"\"{written}\" is not a domain; write one such as example.com, in lower case");
        return null;
    }

    private TokenHash? AdminKey(string? written, List<GrantDefinition> grants)
    {
        const string place = "/admin/key";
        if (written is null || Expand(place, written) is not { } key)
            return null;
        if (!TokenHash.IsToken(key))
            _places.Error(place, $"the admin key must have {TokenHash.TokenRule}");
        var hash = TokenHash.Of(key);
        if (grants.Find(grant => grant.Token == hash) is { } twin)
            _places.Error(place, $"the admin key is also the token of the grant {twin.Name}; use another key");
        return hash;
    }

    private ServerModel? Server(string name, ServerFile server)
    {
        var place = JsonPointer.Of(["servers", name]);
        var model = new ServerReader(
            (pointer, message) => _places.Error(place + pointer, message),
            (pointer, text) => Expand(place + pointer, text)).Read(name, server);
        if (model?.OAuth is { Issuer: null, ClientSecret.Length: > 0 })
        {
            _places.Warn(place + "/oauth",
                "without \"issuer\", the server decides who gets the client's secret; name its authorization server in "
                    + "\"issuer\"");
        }

        if (model is not null && _inspect?.Invoke(model) is var (pointer, warning))
            _places.Warn(place + pointer, warning);
        return model;
    }

    private Uri? Address(string place, string? text)
    {
        if (text is null || Expand(place, text) is not { } url)
            return null;
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            return uri;
        _places.Error(place, $"\"{url}\" is not an address that begins with http:// or https://");
        return null;
    }

    private string? Expand(string pointer, string text)
    {
        if (EnvironmentReferences.TryExpand(text, _environment, ReadSecret, out var expanded, out var problem))
            return expanded;
        _places.Error(pointer, problem);
        return null;
    }

    private string ReadSecret(string path)
    {
        if (_files.AreGiven)
            return StandIn(path);
        if (new FileInfo(path) is { Exists: true, Length: > SecretBytesMax })
            throw new IOException($"it has more than {SecretBytesMax} bytes");
        return Encoding.UTF8.GetString(_files.Read(path));
    }
}
