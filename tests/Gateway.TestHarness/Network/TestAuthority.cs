namespace Gateway.TestHarness.Network;

/// <summary>A certificate authority of OpenSSL, with its root in a PEM file.</summary>
public sealed class TestAuthority
{
    private readonly string _folder;
    private readonly string _name;

    private TestAuthority(string folder, string name) => (_folder, _name) = (folder, name);

    /// <summary>The file of its root certificate.</summary>
    public string Root => PathOf(_name + ".crt");

    /// <summary>Creates an authority whose name is that of its files.</summary>
    public static async Task<TestAuthority> CreateAsync(string folder, string name)
    {
        var authority = new TestAuthority(folder, name);
        await OpenSslAsync(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", $"/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            "-keyout", authority.PathOf(name + ".key"), "-out", authority.Root);
        return authority;
    }

    /// <summary>Uses a certificate as an authority, which it need not be.</summary>
    /// <param name="folder">The folder of its files.</param>
    /// <param name="issued">The file that <see cref="IssueAsync"/> returned.</param>
    public static TestAuthority Of(string folder, string issued) =>
        new(folder, Path.GetFileNameWithoutExtension(issued));

    /// <summary>Creates a certificate for clients that no authority issued.</summary>
    public static async Task<string> SelfSignedAsync(string folder, string file, string names)
    {
        var all = Path.Combine(folder, file + ".pem");
        await OpenSslAsync(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", "/CN=agent", "-addext", "basicConstraints=CA:FALSE", "-addext", "extendedKeyUsage=clientAuth",
            "-addext", "keyUsage=digitalSignature", "-addext", $"subjectAltName={names}",
            "-keyout", all + ".key", "-out", all);
        await File.AppendAllTextAsync(all, await File.ReadAllTextAsync(all + ".key"));
        return all;
    }

    /// <summary>Issues a certificate; returns the file with it, its chain and its key.</summary>
    /// <param name="file">The name of the file.</param>
    /// <param name="names">The subject alternative names as OpenSSL writes them; empty for none.</param>
    /// <param name="usage">The extended key usage; empty for none.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="more">Further options of <c>openssl x509</c>.</param>
    public async Task<string> IssueAsync(
        string file, string names, string usage = "clientAuth", string subject = "/CN=agent", params string[] more)
    {
        await RequestAsync(file, subject);
        var extensions = PathOf(file + ".ext");
        await File.WriteAllTextAsync(extensions, "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\n"
            + (usage.Length > 0 ? $"extendedKeyUsage={usage}\n" : "")
            + (names.Length > 0 ? $"subjectAltName={names}\n" : ""));
        return await SignAsync(file, extensions, more);
    }

    /// <summary>Issues the certificate of an authority below this one; it is not trusted by itself.</summary>
    public async Task<TestAuthority> IssueAuthorityAsync(string name)
    {
        await RequestAsync(name, $"/CN={name}");
        var extensions = PathOf(name + ".ext");
        await File.WriteAllTextAsync(extensions, "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n");
        await SignAsync(name, extensions, []);
        return new(_folder, name);
    }

    private Task RequestAsync(string file, string subject) => OpenSslAsync(
        "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
        "-keyout", PathOf(file + ".key"), "-out", PathOf(file + ".csr"));

    private async Task<string> SignAsync(string file, string extensions, string[] more)
    {
        var certificate = PathOf(file + ".crt");
        if (!more.Contains("-days"))
            more = [.. more, "-days", "20"];
        await OpenSslAsync([
            "x509", "-req", "-in", PathOf(file + ".csr"), "-CA", Root, "-CAkey", PathOf(_name + ".key"),
            "-extfile", extensions, "-out", certificate, .. more,
        ]);
        var all = PathOf(file + ".pem");
        await File.WriteAllTextAsync(all, string.Concat(
            await File.ReadAllTextAsync(certificate), await File.ReadAllTextAsync(Root),
            await File.ReadAllTextAsync(PathOf(file + ".key"))));
        return all;
    }

    private string PathOf(string file) => Path.Combine(_folder, file);

    private static Task OpenSslAsync(params string[] arguments) =>
        ToolRun.OutputOfAsync(new ProcessStartInfo("openssl", arguments));
}
