using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Answers;

/// <summary>
/// Translation of the names of renamed servers at the edge of the API. Routes work with first names, under which all
/// state is kept. Requests may use any name of a server, and responses contain the current one. Bytes that are not a
/// name stay unchanged, so a policy in a body keeps its text.
/// </summary>
internal static class RenamedServers
{
    private const string ObjectStart = ControlKinds.Servers + "/";

    /// <summary>
    /// Paths whose bodies are unchanged: documents in which a member called "server" may mean something else, and
    /// records, which are shown as written.
    /// </summary>
    private static readonly string[] Untouched = ["/policies", "/lists", "/audit"];

    /// <summary>Replaces names in the path and the query with first names.</summary>
    public static void Resolve(HttpContext http, ServerNames names)
    {
        if (names.IsEmpty)
            return;
        var route = http.GetEndpoint()!;
        if (route.Access.Scope == RoleScope.NamedServer
            || route.Pattern.StartsWith($"{AdminRoute.Root}/servers/{{name}}", StringComparison.Ordinal))
            http.Request.RouteValues["name"] = names.FirstOf((string)http.GetRouteValue("name")!);
        var query = http.Request.Query.ToDictionary(StringComparer.OrdinalIgnoreCase);
        if (query.TryGetValue("server", out var server))
            query["server"] = names.FirstOf($"{server}");
        if (query.TryGetValue("object", out var about))
            query["object"] = OfObject($"{about}", names.FirstOf);
        http.Request.Query = new QueryCollection(query);
    }

    /// <summary>Returns a request's body with first names.</summary>
    public static byte[] InRequest(HttpRequest request, byte[] body, ServerNames names) =>
        names.IsEmpty || IsUntouched(request.Path) ? body : Replace(body, names.FirstOf);

    /// <summary>Returns a response with current names.</summary>
    public static AdminResponse InResponse(AdminResponse response, HttpContext http, ServerNames names) =>
        names.IsEmpty || response.Body.IsEmpty || IsUntouched(http.GetEndpoint()!.Pattern)
        || !response.ContentType.EndsWith("json", StringComparison.Ordinal)
            ? response
            : response with { Body = Replace(response.Body.ToArray(), names.Shown) };

    private static bool IsUntouched(PathString path) =>
        Array.Exists(Untouched, start => path.StartsWithSegments(AdminRoute.Root + start));

    private static string OfObject(string written, Func<string, string> map) =>
        written.StartsWith(ObjectStart, StringComparison.Ordinal)
            ? ObjectStart + map(written[ObjectStart.Length..]) : written;

    // A role for one server is written ROLE:SERVER.
    private static string OfRole(string written, Func<string, string> map) =>
        written.LastIndexOf(':') is var at and > 0 ? written[..(at + 1)] + map(written[(at + 1)..]) : written;

    private static byte[] Replace(byte[] json, Func<string, string> map)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        var containers = new Stack<Place>();
        var place = Place.None;
        var (result, copied) = (new ArrayBufferWriter<byte>(json.Length), 0);
        try
        {
            while (reader.Read())
            {
                var of = containers.TryPeek(out var around) ? around : Place.None;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName when of == Place.Keys:
                        Put(ref reader, map(reader.GetString()!));
                        place = Place.None;
                        continue;
                    case JsonTokenType.PropertyName:
                        place = PlaceOf(reader.GetString()!);
                        if (place == Place.Opaque && reader.Read())
                            reader.Skip();
                        continue;
                    case JsonTokenType.StartObject:
                        containers.Push(place is Place.Servers or Place.Keys ? Place.Keys : Place.None);
                        break;
                    case JsonTokenType.StartArray:
                        containers.Push(place switch
                        {
                            Place.Servers => Place.Server,
                            Place.Keys => Place.None,
                            _ => place,
                        });
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        containers.Pop();
                        break;
                    case JsonTokenType.String:
                        Put(ref reader, Mapped(reader.GetString()!, place == Place.None ? of : place, map));
                        break;
                }

                place = Place.None;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The route reports the problem and its position.
            return json;
        }

        if (copied == 0)
            return json;
        result.Write(json.AsSpan(copied));
        return result.WrittenSpan.ToArray();

        void Put(ref Utf8JsonReader at, string text)
        {
            if (at.ValueTextEquals(text))
                return;
            var start = (int)at.TokenStartIndex;
            result.Write(json.AsSpan(copied..start));
            result.Write(Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text)}\""));
            copied = start + at.ValueSpan.Length + 2;
        }
    }

    private static string Mapped(string written, Place place, Func<string, string> map) => place switch
    {
        Place.Server or Place.Servers => map(written),
        Place.Roles => OfRole(written, map),
        Place.Objects => OfObject(written, map),
        _ => written,
    };

    private static Place PlaceOf(string member) => member switch
    {
        "server" => Place.Server,
        "servers" => Place.Servers,
        "virtualTools" or "virtual_tools" or "urls" => Place.Keys,
        "roles" or "permissions" => Place.Roles,
        "object" or "objects" => Place.Objects,
        "policies" or "before" or "after" or "arguments" or "labels" => Place.Opaque,
        _ => Place.None,
    };

    private enum Place
    {
        None,

        /// <summary>The value is a name, or an array of names.</summary>
        Server,

        /// <summary>The value is a name, an array of names, or an object whose keys are names.</summary>
        Servers,

        /// <summary>The value is an object whose keys are names.</summary>
        Keys,

        /// <summary>The strings name a server after a colon.</summary>
        Roles,

        /// <summary>The strings have the form <c>servers/NAME</c>.</summary>
        Objects,

        /// <summary>The value is copied unchanged.</summary>
        Opaque,
    }
}
