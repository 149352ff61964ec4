using Gateway.Control.Contracts;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// A reader of the members of the configuration file. It does not check whether they are valid together.
/// </summary>
internal static class ConfigReader
{
    /// <summary>Returns the members that could be read; usable only if no error was reported.</summary>
    public static GatewayConfig? Read(JsonNode root, DocumentContext context)
    {
        if (MemberReader.Open(root, "", "the configuration", context) is not { } members)
            return null;
        _ = members.GivenText("$schema");
        var config = new GatewayConfig
        {
            Servers = members.Named(members.Optional("servers"), "servers",
                (node, pointer) => SpecReader.Read(node, pointer, "a server", context, SpecJson.Default.ServerFile)),
            Policies = members.InPlaceOrFile(members.Optional("policies"), "policies"),
            PolicyTests = members.Choice(members.Optional("policyTests"), "policyTests", "warn", "refuse", "off")
                ?? "warn",
            Lists = members.InPlaceOrFile(members.Optional("lists"), "lists"),
            Budgets = members.Named(members.Optional("budgets"), "budgets",
                (name, node, pointer) => BudgetReader.Read(name, node, pointer, context)),
            Grants = members.Named(members.Optional("grants"), "grants",
                (node, pointer) => SpecReader.Read(node, pointer, "a grant", context, SpecJson.Default.GrantFile)),
            Alerts = members.Named(members.Optional("alerts"), "alerts", (node, pointer) =>
                SpecReader.Read(node, pointer, "an alert rule", context, SpecJson.Default.AlertSpec)),
            Admin = Admin(members.Given("admin"), context),
            PublicUrl = members.GivenText("publicUrl"),
            OAuth = SignInReader.Members(members),
            Identity = IdentityReader.Members(members),
            AllowedOrigins = members.Texts(members.Optional("allowedOrigins"), "allowedOrigins"),
            AllowedHosts = members.Texts(members.Optional("allowedHosts"), "allowedHosts"),
            TrustedProxies = members.Texts(members.Optional("trustedProxies"), "trustedProxies"),
        };
        members.RefuseOthers();
        return config;
    }

    private static AdminConfig? Admin(JsonNode? node, DocumentContext context)
    {
        if (node is null || MemberReader.Open(node, "/admin", "\"admin\"", context) is not { } members)
            return null;
        var admin = new AdminConfig
        {
            Key = members.GivenText("key"),
            Proxy = ProxyReader.Members(members),
            Url = members.GivenText("url"),
            PasskeyDomain = members.GivenText("passkeyDomain"),
            Providers = ProviderReader.Members(members),
        };
        members.RefuseOthers();
        return admin;
    }
}
