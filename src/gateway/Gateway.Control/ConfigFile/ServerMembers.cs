using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Control.ConfigFile;

/// <summary>Reads the members of one server of the configuration file.</summary>
internal static class ServerMembers
{
    public static ServerConfig? Read(JsonNode node, string pointer, DocumentContext context)
    {
        if (MemberReader.Open(node, pointer, "a server", context) is not { } members)
            return null;
        var server = new ServerConfig
        {
            Url = members.GivenText("url"),
            Urls = members.Given("urls") is { } urls ? members.Texts(urls, "urls") : null,
            Transport = members.GivenText("transport"),
            Proxy = Proxy(members),
            Tls = Tls(members),
            Timeouts = Timeouts(members),
            Headers = members.NamedTexts(members.Optional("headers"), "headers"),
            OAuth = OAuth(members),
            Host = members.GivenText("host"),
            OAuthPolicy = members.GivenText("oauthPolicy"),
            Command = members.GivenText("command"),
            Args = members.Given("args") is { } args ? members.Texts(args, "args") : null,
            Env = members.Given("env") is { } env ? members.NamedTexts(env, "env") : null,
            Cwd = members.GivenText("cwd"),
            User = members.GivenText("user"),
            Ulimits = Ulimits(members),
            ChildrenMax = Small(members.GivenWhole("childrenMax")),
            IdleSeconds = Small(members.GivenWhole("idleSeconds")),
        };
        members.RefuseOthers();
        return server;
    }

    private static ServerProxyConfig? Proxy(MemberReader server) =>
        Object(server, "proxy", static members => new ServerProxyConfig
        {
            Url = members.GivenText("url"),
            Resolves = members.Flag(members.Given("resolves"), "resolves"),
        });

    private static ServerTlsConfig? Tls(MemberReader server) =>
        Object(server, "tls", static members => new ServerTlsConfig
        {
            Ca = members.GivenText("ca"),
            Cert = members.GivenText("cert"),
            Key = members.GivenText("key"),
        });

    private static ServerTimeoutsConfig? Timeouts(MemberReader server) =>
        Object(server, "timeouts", static members => new ServerTimeoutsConfig
        {
            CallSeconds = Small(members.GivenWhole("callSeconds")),
            MaxSeconds = Small(members.GivenWhole("maxSeconds")),
            Tools = Tools(members),
        });

    private static Dictionary<string, int>? Tools(MemberReader timeouts) =>
        Object(timeouts, "tools", static members =>
        {
            var tools = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var name in members.Names)
            {
                if (Small(members.GivenWhole(name)) is { } seconds)
                    tools[name] = seconds;
            }

            return tools;
        });

    private static OAuthConfig? OAuth(MemberReader server) =>
        Object(server, "oauth", static members => new OAuthConfig
        {
            ClientId = members.GivenText("clientId"),
            ClientSecret = members.GivenText("clientSecret"),
            Scope = members.GivenText("scope"),
            Issuer = members.GivenText("issuer"),
        });

    private static UlimitConfig? Ulimits(MemberReader server) =>
        Object(server, "ulimits", static members => new UlimitConfig
        {
            MemoryBytes = members.GivenWhole("memoryBytes"),
            CpuSeconds = members.GivenWhole("cpuSeconds"),
            OpenFiles = members.GivenWhole("openFiles"),
            Processes = members.GivenWhole("processes"),
            FileBytes = members.GivenWhole("fileBytes"),
        });

    // Null if it is absent or, with a problem reported, no object.
    private static T? Object<T>(MemberReader owner, string name, Func<MemberReader, T> read)
        where T : class
    {
        if (owner.Given(name) is not { } node
            || MemberReader.Open(node, owner.PointerTo(name), $"\"{name}\"", owner.Context) is not { } members)
        {
            return null;
        }

        var value = read(members);
        members.RefuseOthers();
        return value;
    }

    // The bounds are far below; a number beyond what an int holds is out of them as the nearest that it holds.
    private static int? Small(long? number) =>
        number is { } value ? (int)Math.Clamp(value, int.MinValue, int.MaxValue) : null;
}
