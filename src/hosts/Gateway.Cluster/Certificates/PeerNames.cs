using Gateway.Cluster.Settings;

namespace Gateway.Cluster.Certificates;

/// <summary>
/// The DNS names (subjectAltName) that a certificate needs to act as a silo or a frontend of one fleet. They are never
/// resolved. The cluster id is part of them, so that one authority can serve several fleets.
/// </summary>
internal sealed record PeerNames
{
    private const int LabelLengthMax = 63;

    /// <summary>
    /// Private suffix: ICANN reserved .internal for private use in 2024, so no public authority issues such a name.
    /// </summary>
    private const string Suffix = "policy-gateway.internal";

    private PeerNames(string clusterId) => ClusterId = clusterId;

    public string ClusterId { get; }

    /// <summary>Name of every silo, and of a process that is both silo and frontend.</summary>
    public string Silo => $"silo.{ClusterId}.{Suffix}";

    public string Frontend => $"frontend.{ClusterId}.{Suffix}";

    /// <exception cref="SettingsException">The id cannot be part of a DNS name.</exception>
    public static PeerNames Of(string clusterId) =>
        clusterId.Split('.').All(static label => label.Length is > 0 and <= LabelLengthMax
            && label.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
            ? new PeerNames(clusterId)
            : throw new SettingsException(
                $"--cluster-id \"{clusterId}\" cannot be part of a DNS name, which certificates need: use letters, "
                + "digits, hyphens and dots.");
}
