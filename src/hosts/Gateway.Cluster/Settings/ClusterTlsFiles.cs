namespace Gateway.Cluster.Settings;

/// <summary>Files of a process's identity inside its fleet.</summary>
/// <param name="Certificate">PEM with the certificate first and its intermediate certificates after it.</param>
/// <param name="Key">PEM; null if the first file contains the key too.</param>
/// <param name="Authorities">PEM with the authorities that must have issued the peers' certificates.</param>
internal sealed record ClusterTlsFiles(string Certificate, string? Key, string Authorities);
