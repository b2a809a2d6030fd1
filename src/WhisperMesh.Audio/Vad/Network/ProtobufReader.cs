namespace WhisperMesh.Audio.Vad;

/// <summary>Walks over the fields of one protobuf message. Bounds are checked: any bytes end in fields or an exception.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field that <see cref="Next"/> went to.</summary>
    public int Field { get; private set; }

    /// <summary>The field's number, or the length of its bytes.</summary>
    public ulong Value { get; private set; }

    /// <summary>The field's bytes, where it has a length; else nothing.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Bytes that were not walked over yet.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>Goes to the next field. False at the end.</summary>
    public bool Next()
    {
        if (_rest.Length == 0)
        {
            return false;
        }

        var key = ReadVarint();
        Field = (int)(key >> 3);
        Bytes = [];
        switch (key & 7)
        {
            case 0:
                Value = ReadVarint();
                break;
            case 1:
                Bytes = Take(8);
                break;
            case 2:
                Value = ReadVarint();
                Bytes = Take(Value);
                break;
            case 5:
                Bytes = Take(4);
                break;
            default:
                throw new InvalidDataException("It has a field of a kind that protobuf does not know.");
        }

        return true;
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("It has a number that does not end.");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
        {
            throw new InvalidDataException("It is cut short.");
        }

        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
