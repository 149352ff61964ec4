using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gateway.Server.Tests.Connect;

/// <summary>What proves that who brings a code is who asked for it.</summary>
internal sealed class Pkce
{
    public string Verifier { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));
}
