using System.Text.Json.Serialization;
using Gateway.Admin.Answers;

namespace Gateway.Admin.Connections;

/// <summary>A caller's connection to a server, without its tokens.</summary>
/// <param name="Name">Its name: a hash of the server and the caller.</param>
/// <param name="Server">The server.</param>
/// <param name="Grant">The caller's grant.</param>
/// <param name="Issuer">The issuer of the caller's tokens; absent if a grant's token identifies the caller.</param>
/// <param name="Subject">The caller's subject at that issuer.</param>
/// <param name="AuthorizationServer">The authorization server of the tokens.</param>
/// <param name="Scope">The requested and the granted scope; absent if it was not stated.</param>
/// <param name="Connected">The time of the authorization.</param>
/// <param name="ConnectedBy">The person who authorized it.</param>
/// <param name="Problem">The reason why the caller must connect again; absent while it can be used.</param>
internal sealed record ConnectionView(
    string Name, string Server, string Grant, string? Issuer, string? Subject, string AuthorizationServer,
    string? Scope, DateTimeOffset Connected, string ConnectedBy, string? Problem);

/// <summary>The result of a test of a connection.</summary>
/// <param name="Ok">True if the gateway has an access token that it would send now.</param>
/// <param name="Why">The reason why not; absent if it has one.</param>
internal sealed record ConnectionTest(bool Ok, string? Why);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PageView<ConnectionView>))]
[JsonSerializable(typeof(ConnectionTest))]
internal sealed partial class ConnectionViewJson : JsonSerializerContext;
