using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gateway.Server.Tests.Callers;

/// <summary>A client's key, and its proofs (DPoP, RFC 9449).</summary>
internal sealed class ProofMaker : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The public key.</summary>
    public JsonObject Jwk
    {
        get
        {
            var ec = _key.ExportParameters(false);
            return new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["x"] = Base64Url.EncodeToString(ec.Q.X),
                ["y"] = Base64Url.EncodeToString(ec.Q.Y),
            };
        }
    }

    /// <summary>The thumbprint of the key (RFC 7638).</summary>
    public string Thumbprint => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(
        $$"""{"crv":"P-256","kty":"EC","x":"{{Jwk["x"]}}","y":"{{Jwk["y"]}}"}""")));

    /// <summary>Returns a proof; a claim or a member of the header with a null value is omitted.</summary>
    public string Prove(
        string address, string? token = null, string? nonce = null, string method = "POST",
        JsonObject? claims = null, JsonObject? header = null)
    {
        var all = new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["htm"] = method,
            ["htu"] = address,
            ["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            ["ath"] = token is null ? null : Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
            ["nonce"] = nonce,
        };
        var head = new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = Jwk };
        var text = $"{Part(Changed(head, header))}.{Part(Changed(all, claims))}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose() => _key.Dispose();

    private static JsonObject Changed(JsonObject all, JsonObject? changes)
    {
        foreach (var (name, value) in changes ?? [])
            all[name] = value?.DeepClone();
        foreach (var name in all.Where(static one => one.Value is null).Select(static one => one.Key).ToList())
            all.Remove(name);
        return all;
    }

    private static string Part(JsonObject json) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
