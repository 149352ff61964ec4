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

    private static ServerProxyConfig? Proxy(MemberReader server)
    {
        if (server.Given("proxy") is not { } node
            || MemberReader.Open(node, server.PointerTo("proxy"), "\"proxy\"", server.Context) is not { } members)
        {
            return null;
        }

        var proxy = new ServerProxyConfig
        {
            Url = members.GivenText("url"),
            Resolves = members.Flag(members.Given("resolves"), "resolves"),
        };
        members.RefuseOthers();
        return proxy;
    }

    private static ServerTlsConfig? Tls(MemberReader server)
    {
        if (server.Given("tls") is not { } node
            || MemberReader.Open(node, server.PointerTo("tls"), "\"tls\"", server.Context) is not { } members)
        {
            return null;
        }

        var tls = new ServerTlsConfig
        {
            Ca = members.GivenText("ca"),
            Cert = members.GivenText("cert"),
            Key = members.GivenText("key"),
        };
        members.RefuseOthers();
        return tls;
    }

    private static ServerTimeoutsConfig? Timeouts(MemberReader server)
    {
        if (server.Given("timeouts") is not { } node
            || MemberReader.Open(node, server.PointerTo("timeouts"), "\"timeouts\"", server.Context) is not { } members)
        {
            return null;
        }

        var timeouts = new ServerTimeoutsConfig
        {
            CallSeconds = Small(members.GivenWhole("callSeconds")),
            MaxSeconds = Small(members.GivenWhole("maxSeconds")),
            Tools = Tools(members),
        };
        members.RefuseOthers();
        return timeouts;
    }

    private static Dictionary<string, int>? Tools(MemberReader timeouts)
    {
        if (timeouts.Given("tools") is not { } node
            || MemberReader.Open(node, timeouts.PointerTo("tools"), "\"tools\"", timeouts.Context) is not { } members)
        {
            return null;
        }

        var tools = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in node.Members)
        {
            if (Small(members.GivenWhole(member.Name)) is { } seconds)
                tools[member.Name] = seconds;
        }

        members.RefuseOthers();
        return tools;
    }

    private static OAuthConfig? OAuth(MemberReader server)
    {
        if (server.Given("oauth") is not { } node
            || MemberReader.Open(node, server.PointerTo("oauth"), "\"oauth\"", server.Context) is not { } members)
        {
            return null;
        }

        var oauth = new OAuthConfig
        {
            ClientId = members.GivenText("clientId"),
            ClientSecret = members.GivenText("clientSecret"),
            Scope = members.GivenText("scope"),
            Issuer = members.GivenText("issuer"),
        };
        members.RefuseOthers();
        return oauth;
    }

    private static UlimitConfig? Ulimits(MemberReader server)
    {
        if (server.Given("ulimits") is not { } node
            || MemberReader.Open(node, server.PointerTo("ulimits"), "\"ulimits\"", server.Context) is not { } members)
        {
            return null;
        }

        var limits = new UlimitConfig
        {
            MemoryBytes = members.GivenWhole("memoryBytes"),
            CpuSeconds = members.GivenWhole("cpuSeconds"),
            OpenFiles = members.GivenWhole("openFiles"),
            Processes = members.GivenWhole("processes"),
            FileBytes = members.GivenWhole("fileBytes"),
        };
        members.RefuseOthers();
        return limits;
    }

    // The bounds are far below; a number beyond what an int holds is out of them as the nearest that it holds.
    private static int? Small(long? number) =>
        number is { } value ? (int)Math.Clamp(value, int.MinValue, int.MaxValue) : null;
}
