namespace Gateway.Control.Snapshots;

/// <summary>A person or a program at an issuer, in the form in which stored documents contain it.</summary>
/// <param name="Issuer">The <c>iss</c> of its tokens.</param>
/// <param name="Claims">The claims that identify subjects of the issuer.</param>
/// <param name="Subject">Their values, as <see cref="IssuerSettings.SubjectOf"/> joins them.</param>
public sealed record CallerSubject(string Issuer, IReadOnlyList<string> Claims, string Subject)
{
    /// <summary>
    /// Returns false for the same subject and true for another one of the same issuer. Returns null if the two cannot
    /// be compared: they are of different issuers, or other claims identify them.
    /// </summary>
    public bool? DiffersFrom(CallerSubject other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Issuer == other.Issuer && Claims.SequenceEqual(other.Claims, StringComparer.Ordinal)
            ? Subject != other.Subject
            : null;
    }
}
