using System.Text;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;

namespace Gateway.Policy.Tools.Diff;

/// <summary>A generated call of a tool.</summary>
/// <param name="Arguments">The arguments, a JSON object.</param>
/// <param name="Caller">The caller, as tests of a policy write it; null for none.</param>
internal readonly record struct SampleCall(string Arguments, string? Caller)
{
    public byte[] Utf8 => Encoding.UTF8.GetBytes(Arguments);

    public Caller? Identity => Caller is null ? null : CallerJson.Read(Encoding.UTF8.GetBytes(Caller), out _);
}
