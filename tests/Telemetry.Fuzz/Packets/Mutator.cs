namespace Telemetry.Fuzz;

/// <summary>Damages bytes: anywhere, or where it hurts, at a <see cref="Mark"/>.</summary>
internal sealed class Mutator(FuzzRandom random)
{
    private const int RunBytesMax = 12; // of bytes put in, taken out or repeated

    private static readonly byte[] Telling = [0x00, 0x01, 0x7F, 0x80, 0xFF, 0xFE, 0x10, 0x30, 0xC0];

    private readonly byte[] _run = new byte[RunBytesMax];

    /// <summary>Damages bytes that are not empty, once.</summary>
    public void Mutate(PacketBytes bytes)
    {
        switch (random.Below(12))
        {
            case 0 or 1:
                bytes.Written[random.Below(bytes.Count)] ^= (byte)(1 << random.Below(8));
                break;
            case 2:
                bytes.Written[random.Below(bytes.Count)] =
                    random.OneIn(2) ? random.NextByte() : random.Pick<byte>(Telling);
                break;
            case 3:
                bytes.Truncate(random.Below(bytes.Count) + 1);
                break;
            case 4:
                Insert(bytes);
                break;
            case 5:
                Remove(bytes);
                break;
            case 6:
                MoveEnd(bytes);
                break;
            default:
                LieAtMark(bytes);
                break;
        }
    }

    private void Insert(PacketBytes bytes)
    {
        Span<byte> run = _run.AsSpan(0, random.Between(1, RunBytesMax));
        int from = random.Below(bytes.Count);
        if (random.OneIn(2) && from + run.Length <= bytes.Count)
        {
            bytes.Written.Slice(from, run.Length).CopyTo(run); // something that stands elsewhere
        }
        else
        {
            foreach (ref byte value in run)
            {
                value = random.NextByte();
            }
        }

        bytes.Insert(random.Below(bytes.Count), run);
    }

    private void Remove(PacketBytes bytes)
    {
        int offset = random.Below(bytes.Count);
        int count = Math.Min(random.Between(1, RunBytesMax), bytes.Count - offset);
        if (count < bytes.Count)
        {
            bytes.Remove(offset, count);
        }
    }

    /// <summary>The body gets longer or shorter and the remaining length says so: what is inside is wrong.</summary>
    private void MoveEnd(PacketBytes bytes)
    {
        if (!TryPick(bytes, MarkKind.Packet, out int offset) || offset + 2 > bytes.Count)
        {
            return;
        }

        int length = bytes.Written[offset + 1];
        int body = offset + 2;
        if (length is 0 or >= 0x7F || body + length > bytes.Count)
        {
            return;
        }

        if (random.OneIn(2))
        {
            bytes.Written[offset + 1] = (byte)(length + 1);
            bytes.Insert(body + random.Below(length), [random.NextByte()]);
        }
        else
        {
            bytes.Written[offset + 1] = (byte)(length - 1);
            bytes.Remove(body + random.Below(length), 1);
        }
    }

    private void LieAtMark(PacketBytes bytes)
    {
        ReadOnlySpan<Mark> marks = bytes.Marks;
        if (marks.IsEmpty)
        {
            return;
        }

        Mark mark = random.Pick(marks);
        Span<byte> at = bytes.Written[mark.Offset..];
        switch (mark.Kind)
        {
            case MarkKind.Packet when random.OneIn(3):
                at[0] = random.NextByte();
                break;
            case MarkKind.Packet:
                LieAboutVariable(at[1..]);
                break;
            case MarkKind.PropertyLength:
                LieAboutVariable(at);
                break;
            case MarkKind.PropertyId:
                at[0] = (byte)random.Below(random.OneIn(8) ? 256 : 44);
                break;
            case MarkKind.Prefix:
                LieAboutPrefix(at);
                break;
            default:
                at[0] = random.NextByte();
                break;
        }
    }

    private void LieAboutVariable(Span<byte> at)
    {
        if (at.IsEmpty)
        {
            return;
        }

        switch (random.Below(6))
        {
            case 0:
                at[0]++;
                break;
            case 1:
                at[0]--;
                break;
            case 2:
                at[0] |= 0x80; // the next field becomes part of it
                break;
            case 3:
                at[0] = 0;
                break;
            case 4:
                at[..Math.Min(at.Length, random.Between(1, 5))].Fill(0xFF);
                break;
            default:
                at[0] = random.NextByte();
                break;
        }
    }

    private void LieAboutPrefix(Span<byte> at)
    {
        if (at.Length < 2)
        {
            return;
        }

        switch (random.Below(5))
        {
            case 0:
                at[1]++;
                break;
            case 1:
                at[1]--;
                break;
            case 2:
                at[..2].Clear();
                break;
            case 3:
                at[..2].Fill(0xFF);
                break;
            default:
                at[random.Below(2)] = random.NextByte();
                break;
        }
    }

    private bool TryPick(PacketBytes bytes, MarkKind kind, out int offset)
    {
        offset = 0;
        int found = 0;
        foreach (Mark mark in bytes.Marks)
        {
            if (mark.Kind == kind && random.OneIn(++found))
            {
                offset = mark.Offset;
            }
        }

        return found > 0;
    }
}
