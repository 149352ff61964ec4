using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Gateway.LoadTests.Sizes;

/// <summary>
/// The parts of a native program, from the statistics that its compiler writes (<c>-p:IlcGenerateMstatFile=true</c>):
/// an assembly whose methods list entities and sizes as instructions (<c>MstatObjectDumper</c> of the .NET runtime).
/// </summary>
internal sealed class ProgramParts
{
    private readonly MetadataReader _metadata;
    private readonly PEReader _file;

    private ProgramParts(PEReader file)
    {
        (_file, _metadata) = (file, file.GetMetadataReader());
        Add("Methods", numbers: 4, static numbers => numbers[0] + numbers[1] + numbers[2]);
        Add("Types", numbers: 2, static numbers => numbers[0]);
        foreach (var (name, size) in Named("Blobs"))
            Blobs[name] = size;
        foreach (var (name, size) in Named("ManifestResources"))
            Resources[name] = size;
    }

    /// <summary>The bytes of code and of type descriptions, by assembly.</summary>
    public Dictionary<string, (long Code, long Types)> Assemblies { get; } = new(StringComparer.Ordinal);

    /// <summary>The bytes of code and of type descriptions, by generic or plain type without its arguments.</summary>
    public Dictionary<string, (long Code, long Types)> Definitions { get; } = new(StringComparer.Ordinal);

    /// <summary>The bytes of everything else, by its kind.</summary>
    public Dictionary<string, long> Blobs { get; } = new(StringComparer.Ordinal);

    /// <summary>The bytes of embedded files.</summary>
    public Dictionary<string, long> Resources { get; } = new(StringComparer.Ordinal);

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ProgramParts Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        return new ProgramParts(file);
    }

    private void Add(string list, int numbers, Func<int[], int> sizeOf)
    {
        var code = Instructions(list);
        var found = new int[numbers];
        while (code.RemainingBytes > 0 && Next(ref code) is (ILOpCode.Ldtoken, var token))
        {
            for (var i = 0; i < numbers; i++)
                found[i] = Next(ref code).Value;
            var (assembly, type) = OwnerOf(MetadataTokens.EntityHandle(token));
            Note(Assemblies, assembly);
            Note(Definitions, $"{assembly} {type}");
        }

        void Note(Dictionary<string, (long Code, long Types)> sizes, string name)
        {
            var (methods, types) = sizes.GetValueOrDefault(name);
            sizes[name] = numbers > 2 ? (methods + sizeOf(found), types) : (methods, types + sizeOf(found));
        }
    }

    private List<(string Name, int Size)> Named(string list)
    {
        List<(string, int)> found = [];
        var code = Instructions(list);
        while (code.RemainingBytes > 0)
        {
            var (operation, value) = Next(ref code);
            if (operation == ILOpCode.Ldstr)
            {
                var name = _metadata.GetUserString((UserStringHandle)MetadataTokens.Handle(value));
                found.Add((name, Next(ref code).Value));
            }
        }

        return found;
    }

    private BlobReader Instructions(string method) => _metadata.MethodDefinitions
        .Select(_metadata.GetMethodDefinition)
        .Where(one => _metadata.StringComparer.Equals(one.Name, method))
        .Select(one => _file.GetMethodBody(one.RelativeVirtualAddress).GetILReader()).First();

    private static (ILOpCode Operation, int Value) Next(ref BlobReader code)
    {
        var operation = (ILOpCode)code.ReadByte();
        return (operation, operation switch
        {
            >= ILOpCode.Ldc_i4_m1 and <= ILOpCode.Ldc_i4_8 => operation - ILOpCode.Ldc_i4_0,
            ILOpCode.Ldc_i4_s => code.ReadSByte(),
            ILOpCode.Ldc_i4 or ILOpCode.Ldtoken or ILOpCode.Ldstr => code.ReadInt32(),
            _ => 0,
        });
    }

    /// <summary>Returns the assembly and the name of the type of a type, a member or an instance of either.</summary>
    private (string Assembly, string Type) OwnerOf(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodSpecification:
                return OwnerOf(_metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.MemberReference:
                return OwnerOf(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent);
            case HandleKind.TypeSpecification:
                var bytes = _metadata.GetBlobReader(
                    _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
                return OwnerOf(ref bytes);
            case HandleKind.TypeReference:
                var type = _metadata.GetTypeReference((TypeReferenceHandle)handle);
                if (type.ResolutionScope.Kind != HandleKind.AssemblyReference)
                {
                    var (assembly, outer) = OwnerOf(type.ResolutionScope);
                    return (assembly, $"{outer}.{_metadata.GetString(type.Name)}");
                }

                var scope = _metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
                return (_metadata.GetString(scope.Name),
                    $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name)}");
            default:
                return ("(generated)", handle.Kind.ToString());
        }
    }

    private (string Assembly, string Type) OwnerOf(ref BlobReader signature)
    {
        while (signature.RemainingBytes > 0)
        {
            switch (signature.ReadSignatureTypeCode())
            {
                case SignatureTypeCode.GenericTypeInstance or SignatureTypeCode.SZArray or SignatureTypeCode.Array
                    or SignatureTypeCode.Pointer or SignatureTypeCode.ByReference:
                    continue;
                case SignatureTypeCode.TypeHandle:
                    return OwnerOf(signature.ReadTypeHandle());
                default:
                    return ("System.Private.CoreLib", "(primitive)");
            }
        }

        return ("(generated)", "");
    }
}
