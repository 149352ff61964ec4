using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Proxy.Snapshots;

namespace Gateway.Proxy.Configuration;

/// <summary>
/// Reads a configuration file. All problems are reported together; one is enough to refuse the whole,
/// so that a half-read configuration is never in force.
/// </summary>
public sealed class ConfigLoader
{
    private readonly string _path;
    private readonly Func<string, string?> _environment;
    private readonly ConfigFiles _files = new();
    private readonly ImmutableArray<ConfigProblem>.Builder _problems = ImmutableArray.CreateBuilder<ConfigProblem>();
    private readonly ImmutableArray<ConfigProblem>.Builder _warnings = ImmutableArray.CreateBuilder<ConfigProblem>();

    private ConfigLoader(string path, Func<string, string?> environment) => (_path, _environment) = (path, environment);

    /// <summary>
    /// Reads the file at <paramref name="path"/>; a file that cannot be read is a problem, not an exception.
    /// </summary>
    /// <param name="path">The configuration file; relative policy files are sought beside it.</param>
    /// <param name="environment">Looks up what <c>${NAME}</c> stands for; null where it is not set.</param>
    public static ConfigResult Load(string path, Func<string, string?> environment)
    {
        var loader = new ConfigLoader(path, environment);
        var config = loader.Load();
        return new ConfigResult
        {
            Config = loader._problems.Count == 0 ? config : null,
            Problems = loader._problems.ToImmutable(),
            Warnings = loader._warnings.ToImmutable(),
            Files = loader._files,
        };
    }

    private ConfigObjects? Load()
    {
        byte[] file;
        GatewayConfig? config;
        try
        {
            file = _files.Read(_path);
            config = JsonSerializer.Deserialize(file, ConfigJsonContext.Default.GatewayConfig);
        }
        catch (JsonException e)
        {
            Problem($"{_path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}", ShortReason(e));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem(_path, $"the configuration cannot be read: {e.Message}");
            return null;
        }

        if (config is null)
        {
            Problem($"{_path}:1:1", "the configuration must be a JSON object, not null");
            return null;
        }

        return Build(config, file);
    }

    private ConfigObjects Build(GatewayConfig config, byte[] file)
    {
        var servers = config.Servers.Select(s => Server(s.Key, s.Value)).OfType<ServerModel>().ToList();
        var policies = new PolicyFiles(_path, _files, _problems, _warnings).Load(config.Policies, file);
        var names = new GrantReader(_path, config, Problem, Expand);
        var grants = config.Grants.Select(g => names.Read(g.Key, g.Value)).OfType<GrantDefinition>().ToList();
        foreach (var twin in grants.GroupBy(g => g.Token).Where(g => g.Count() > 1))
            Problem(At("grants"),
                $"the grants {string.Join(" and ", twin.Select(g => g.Name))} have the same token; give each its own");

        var publicUrl = PublicUrl(config.PublicUrl);
        return new ConfigObjects
        {
            Objects = GatewayObjects.Of(servers, policies, grants),
            Edge = new EdgeRules(config.AllowedHosts, config.AllowedOrigins, publicUrl),
            AdminKey = AdminKey(config.Admin?.Key, grants),
            PublicUrl = publicUrl,
        };
    }

    private TokenHash? AdminKey(string? written, List<GrantDefinition> grants)
    {
        if (written is null || Expand(At("admin", "key"), written) is not { } key)
            return null;
        if (!GrantReader.IsToken(key))
            Problem(At("admin", "key"), $"the admin key has {GrantReader.TokenRule}");
        var hash = TokenHash.Of(key);
        if (grants.Find(grant => grant.Token == hash) is { } twin)
            Problem(At("admin", "key"), $"the admin key is the token of the grant {twin.Name} too; give it its own");
        return hash;
    }

    private ServerModel? Server(string name, ServerConfig server)
    {
        var place = At("servers", name);
        var model = new ServerReader(
            (pointer, message) => Problem(place + pointer, message),
            (pointer, text) => Expand(place + pointer, text)).Read(name, server);
        if (model?.OAuth is { Issuer: null })
        {
            _warnings.Add(new ConfigProblem(place + "/oauth",
                "without \"issuer\" the server decides who gets the client's secret; write its authorization server"));
        }

        return model;
    }

    private Uri? PublicUrl(string? text)
    {
        if (text is null || Expand(At("publicUrl"), text) is not { } url)
            return null;
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            return uri;
        Problem(At("publicUrl"), $"\"{url}\" is not an http or https address");
        return null;
    }

    private string? Expand(string place, string text)
    {
        if (EnvironmentReferences.TryExpand(text, _environment, out var expanded, out var problem))
            return expanded;
        Problem(place, problem);
        return null;
    }

    private string At(params ReadOnlySpan<string> path) => $"{_path} at {JsonPointer.Of(path)}";

    private void Problem(string place, string message) => _problems.Add(new ConfigProblem(place, message));

    private static string ShortReason(JsonException e)
    {
        // The serializer appends the position, which stands in front already.
        var text = e.Message;
        var tail = text.IndexOf(" Path: ", StringComparison.Ordinal);
        if (tail < 0)
            tail = text.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        text = tail < 0 ? text : text[..tail];
        return e.Path is null or "$" ? text : $"at {e.Path}: {text}";
    }
}
